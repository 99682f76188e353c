const state = { token: localStorage.getItem("token") };

async function api(path, options = {}) {
  const response = await fetch(`/api${path}`, {
    ...options,
    headers: {
      "Content-Type": "application/json",
      ...(state.token ? { Authorization: `Bearer ${state.token}` } : {}),
    },
    body: options.body ? JSON.stringify(options.body) : undefined,
  });
  const data = await response.json();
  if (!response.ok) throw new Error(data.error);
  return data;
}

function money(cents) {
  return new Intl.NumberFormat("en", { style: "currency", currency: "EUR" }).format(cents / 100);
}

async function loadEvents() {
  const { events } = await api("/events");
  document.querySelector("#events").replaceChildren(...events.map(card));
}

function card(event) {
  const element = document.createElement("article");
  element.className = "card";
  element.dataset.event = event.id;

  const title = document.createElement("h3");
  title.textContent = event.title;
  const where = document.createElement("p");
  where.textContent = `${event.venue}, ${event.city} · ${new Date(event.starts_at).toLocaleDateString()}`;
  const left = document.createElement("p");
  left.className = "left";
  left.textContent = `${event.tickets_left} tickets left`;
  const buy = document.createElement("button");
  buy.textContent = `Buy for ${money(event.price_cents)}`;
  buy.addEventListener("click", () => checkout(event.id));

  element.append(title, where, left, buy);
  return element;
}

async function checkout(eventId) {
  try {
    const { order } = await api("/orders/checkout", { method: "POST", body: { eventId, quantity: 1 } });
    alert(`Order #${order.id} is confirmed. Check your inbox!`);
  } catch (err) {
    alert(err.message);
  }
}

async function login(credentials) {
  const { token, user } = await api("/auth/login", { method: "POST", body: credentials });
  state.token = token;
  localStorage.setItem("token", token);
  document.querySelector("#login").hidden = true;
  const welcome = document.querySelector("#welcome");
  welcome.hidden = false;
  welcome.textContent = `Hi ${user.name}`;
}

const loginForm = document.querySelector("#login");
loginForm.addEventListener("submit", (submit) => {
  submit.preventDefault();
  login(Object.fromEntries(new FormData(loginForm))).catch((err) => alert(err.message));
});

document.querySelector("#signup").addEventListener("click", async () => {
  const credentials = Object.fromEntries(new FormData(loginForm));
  try {
    await api("/auth/signup", { method: "POST", body: { ...credentials, name: credentials.email.split("@")[0] } });
    await login(credentials);
  } catch (err) {
    alert(err.message);
  }
});

document.querySelector("#ask").addEventListener("submit", async (submit) => {
  submit.preventDefault();
  const { question } = Object.fromEntries(new FormData(submit.target));
  const { answer } = await api("/support/ask", { method: "POST", body: { question } });
  document.querySelector("#answer").textContent = answer;
});

new EventSource("/api/live/tickets").addEventListener("message", (message) => {
  const { eventId, ticketsLeft } = JSON.parse(message.data);
  const left = document.querySelector(`[data-event="${eventId}"] .left`);
  if (left) left.textContent = `${ticketsLeft} tickets left`;
});

loadEvents();
setInterval(loadEvents, 60_000);
