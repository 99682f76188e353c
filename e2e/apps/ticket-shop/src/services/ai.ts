import OpenAI from "openai";
import { config } from "../config.js";
import type { Event } from "../types/index.js";

const openai = new OpenAI({ apiKey: config.openaiApiKey });

const SUPPORT_PROMPT = `You are the friendly support assistant of Stagepass, a concert ticket shop.
Tickets can be cancelled up to 48 hours before the show. Tickets arrive by email right after payment.
Answer in at most three sentences.`;

export async function writeThankYouNote(name: string, event: Event, quantity: number) {
  const completion = await openai.chat.completions.create({
    model: "gpt-4o-mini",
    messages: [
      { role: "system", content: "You write short, warm thank-you notes for concert ticket buyers." },
      { role: "user", content: `${name} bought ${quantity} ticket(s) for ${event.title} at ${event.venue}, ${event.city}.` },
    ],
    max_tokens: 120,
  });
  return completion.choices?.[0]?.message?.content ?? "Thank you for your order!";
}

export async function answerSupportQuestion(question: string) {
  const completion = await openai.chat.completions.create({
    model: "gpt-4o-mini",
    messages: [
      { role: "system", content: SUPPORT_PROMPT },
      { role: "user", content: question },
    ],
  });
  return completion.choices?.[0]?.message?.content ?? "Sorry, I don't know. Please write to hello@stagepass.example.";
}
