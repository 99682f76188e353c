import { Router } from "express";
import rateLimit from "express-rate-limit";
import nodemailer from "nodemailer";
import { config } from "../config.js";
import { query } from "../db.js";
import { answerSupportQuestion } from "../services/ai.js";
import { contactSchema } from "../validation.js";

const router = Router();

const contactLimiter = rateLimit({
  windowMs: 15 * 60 * 1000,
  limit: 5,
  message: { error: "Too many messages, please try again later" },
});

router.post("/ask", async (req, res) => {
  const question = String(req.body?.question ?? "").trim();
  if (!question) return res.status(400).json({ error: "Please enter a question" });

  const answer = await answerSupportQuestion(question);
  await query("INSERT INTO support_questions (question, answer) VALUES ($1, $2)", [question, answer]);
  res.json({ answer });
});

router.post("/contact", contactLimiter, async (req, res) => {
  const { name, email, message } = contactSchema.parse(req.body);

  const transporter = nodemailer.createTransport({
    host: process.env.SMTP_HOST,
    port: Number(process.env.SMTP_PORT) || 587,
    auth: process.env.SMTP_USER ? { user: process.env.SMTP_USER, pass: process.env.SMTP_PASS } : undefined,
  });
  await transporter.sendMail({
    from: process.env.SMTP_FROM,
    to: config.supportEmail,
    replyTo: email,
    subject: `Message from ${name}`,
    text: message,
  });

  res.json({ message: "Thanks, we will get back to you soon" });
});

export default router;
