/** Writes the settings of the lab's nginx. */
import type { Upstream } from "./balancer.ts";

/** Every subset of the places of n replicas: `[]`, `[0]`, `[1]`, `[0, 1]`. */
function subsets(count: number): number[][] {
  const places = Array.from({ length: count }, (_, place) => place);
  return Array.from({ length: 2 ** count }, (_, bits) => places.filter((place) => ((bits >> place) & 1) === 1));
}

/** One group of servers for each subset of the replicas. */
function groups(replicas: readonly Upstream[]): string {
  const servers = replicas.map(({ host, port }) => `server ${host === "::1" ? "[::1]" : host}:${port};`);
  return subsets(replicas.length)
    .map((places) => {
      const members = places.map((place) => servers[place]);
      const body = members.length > 0 ? members.join(" ") : "server 127.0.0.1:1 down;";
      return `  upstream app_${places.join("")} { ${body} keepalive 64; }`;
    })
    .join("\n");
}

/** Name of the file whose presence says that the replica in this place gets requests. */
export function markOf(place: number): string {
  return `in-${place}`;
}

/**
 * The settings file. Which group is used is read per request from the marks in the folder: a reload would do the same,
 * but it hangs up on idle clients, and their lost requests would be put down to the app.
 * `generation` is what nginx answers when asked for it, so that a reload can be seen to hold.
 */
export function nginxSettings(folder: string, port: number, replicas: readonly Upstream[], generation: number): string {
  const temp = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `  ${name}_temp_path "${folder}/${name}";`,
  );
  const choice = replicas.map((_, place) => `      if (-f "${folder}/${markOf(place)}") { set $in "\${in}${place}"; }`);
  return `daemon off;
worker_processes 1;
pid "${folder}/nginx.pid";
error_log stderr warn;
events { worker_connections 4096; }
http {
  access_log off;
${temp.join("\n")}
  client_max_body_size 100m;
  keepalive_requests 1000000;
  map $http_upgrade $lab_connection { default upgrade; "" ""; }
${groups(replicas)}
  server {
    listen 127.0.0.1:${port};
    location = /.lab/generation { return 200 "${generation}"; }
    location / {
      set $in "";
${choice.join("\n")}
      proxy_pass http://app_$in;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Connection $lab_connection;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto https;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Real-IP $remote_addr;
    }
  }
}
`;
}
