import { config } from "../config.js";

export async function notifySlack(text: string) {
  if (!config.slackWebhookUrl) return;
  try {
    await fetch(config.slackWebhookUrl, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ text }),
    });
  } catch {}
}
