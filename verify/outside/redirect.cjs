/**
 * Loaded into every Node process of an app in the lab, before the app: sends each TCP connection that would leave the machine
 * to the lab's stand-ins instead, and gives each replica its own port where the code fixes one. Plain CommonJS without
 * dependencies, because it runs in whatever Node the app runs in.
 */
"use strict";

const settings = JSON.parse(process.env.SHOREUP_OUTSIDE || "null");

if (settings !== null) {
  const dns = require("node:dns");
  const fs = require("node:fs");
  const net = require("node:net");

  /** Addresses that names of the outside are given here: 198.18.0.0/15 belongs to nobody (RFC 2544). */
  const addressOfName = new Map();
  const nameOfAddress = new Map();

  function report(line) {
    try {
      fs.appendFileSync(settings.report, `${process.pid} ${line}\n`);
    } catch {
      // The lab is gone; the app goes on until it is ended.
    }
  }

  function isLoopback(host) {
    if (host === undefined || host === null || host === "") return true;
    const name = String(host)
      .toLowerCase()
      .replace(/^\[|\]$/g, "")
      .replace(/\.$/, "");
    if (name === "localhost" || name.endsWith(".localhost") || name === "::1" || name === "::" || name === "0.0.0.0")
      return true;
    return /^(?:::ffff:)?127\.\d+\.\d+\.\d+$/.test(name);
  }

  function addressFor(name) {
    const key = name.toLowerCase();
    const known = addressOfName.get(key);
    if (known !== undefined) return known;
    const n = addressOfName.size + 1;
    const address = `198.${18 + ((n >> 16) & 1)}.${(n >> 8) & 255}.${n & 255}`;
    addressOfName.set(key, address);
    nameOfAddress.set(address, key);
    return address;
  }

  const isNamed = (host) => typeof host === "string" && net.isIP(host) === 0 && !isLoopback(host);

  const seen = new Set();
  /** The lab's port that plays the outside's `port`. Each place is told to the lab once per process. */
  function standIn(host, port) {
    const place = `${nameOfAddress.get(host) || host}:${port}`;
    if (!seen.has(place)) {
      seen.add(place);
      report(`outside ${place}`);
    }
    if (port === 465) return settings.mailTls;
    if (port === 25 || port === 587 || port === 2525) return settings.mail;
    return settings.web;
  }

  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function (...args) {
    const [options, callback] = Array.isArray(args[0]) ? args[0] : net._normalizeArgs(args);
    if (options === null || typeof options !== "object" || options.path || options.port === undefined) {
      return connect.apply(this, args);
    }
    const port = Number(options.port);
    if (isLoopback(options.host)) {
      const own = settings.listen[String(port)];
      return own === undefined
        ? connect.apply(this, args)
        : connect.call(this, { ...options, port: own }, callback || undefined);
    }
    const inside = {
      ...options,
      host: "127.0.0.1",
      port: standIn(options.host, port),
      family: 4,
      lookup: undefined,
      localAddress: undefined,
      autoSelectFamily: false,
    };
    return connect.call(this, inside, callback || undefined);
  };

  const listen = net.Server.prototype.listen;
  net.Server.prototype.listen = function (...args) {
    const [options] = net._normalizeArgs(args);
    const port = options && !options.path && options.port !== undefined ? Number(options.port) : 0;
    if (port === 0) return listen.apply(this, args);
    report(`listen ${port}`);
    const own = settings.listen[String(port)];
    if (own === undefined) return listen.apply(this, args);
    const callback = typeof args[args.length - 1] === "function" ? [args[args.length - 1]] : [];
    return listen.call(this, { ...options, port: own }, ...callback);
  };

  function answerLookup(name, options) {
    const family = options && typeof options === "object" ? options.family : options;
    const address = family === 6 || family === "IPv6" ? `::ffff:${addressFor(name)}` : addressFor(name);
    const entry = { address, family: net.isIP(address) };
    return options && options.all ? [entry] : entry;
  }

  const lookup = dns.lookup;
  dns.lookup = function (name, options, callback) {
    if (!isNamed(name)) return lookup.apply(this, arguments);
    const done = typeof options === "function" ? options : callback;
    const answer = answerLookup(name, typeof options === "function" ? undefined : options);
    process.nextTick(() => (Array.isArray(answer) ? done(null, answer) : done(null, answer.address, answer.family)));
    return {};
  };
  const lookupPromise = dns.promises.lookup;
  dns.promises.lookup = async function (name, options) {
    return isNamed(name) ? answerLookup(name, options) : lookupPromise.apply(this, arguments);
  };

  function noData(method, name) {
    const error = new Error(`${method} ENODATA ${name}`);
    return Object.assign(error, { code: "ENODATA", errno: undefined, syscall: method, hostname: name });
  }

  /** What the outside's name service answers: an address of ours, the name itself as its mail exchange, nothing else. */
  function answerQuery(method, name, options) {
    const kind = method === "resolve" ? (typeof options === "string" ? options : "A") : method.slice("resolve".length);
    if (kind === "4" || kind === "A") {
      const address = addressFor(name);
      return options && options.ttl ? [{ address, ttl: 60 }] : [address];
    }
    if (kind.toUpperCase() === "MX") return [{ exchange: name, priority: 10 }];
    throw noData(`query${kind}`, name);
  }

  function patchCallbacks(target, method) {
    const original = target[method];
    if (typeof original !== "function") return;
    target[method] = function (name, ...rest) {
      if (!isNamed(name)) return original.call(this, name, ...rest);
      const done = rest[rest.length - 1];
      process.nextTick(() => {
        let answer;
        try {
          answer = answerQuery(method, name, rest.length > 1 ? rest[0] : undefined);
        } catch (error) {
          done(error);
          return;
        }
        done(null, answer);
      });
      return {};
    };
  }

  function patchPromises(target, method) {
    const original = target[method];
    if (typeof original !== "function") return;
    target[method] = async function (name, options) {
      return isNamed(name) ? answerQuery(method, name, options) : original.apply(this, arguments);
    };
  }

  const queries = ["", "4", "6", "Any", "Caa", "Cname", "Mx", "Naptr", "Ns", "Ptr", "Soa", "Srv", "Tlsa", "Txt"];
  for (const method of queries.map((kind) => `resolve${kind}`)) {
    patchCallbacks(dns, method);
    patchCallbacks(dns.Resolver.prototype, method);
    patchPromises(dns.promises, method);
    patchPromises(dns.promises.Resolver.prototype, method);
  }

  require("node:module").syncBuiltinESMExports();
  report("hello");
}
