import { randomBytes } from "node:crypto";
import bcrypt from "bcryptjs";
import { Router } from "express";
import { query, queryOne } from "../db.js";
import { requireAuth, signToken } from "../middleware/auth.js";
import { mailService } from "../services/MailService.js";
import type { User } from "../types/index.js";
import { loginSchema, signUpSchema } from "../validation.js";

export const authRouter = Router();

authRouter.post("/signup", async (req, res) => {
  const { email, name, password } = signUpSchema.parse(req.body);

  const existing = await queryOne("SELECT id FROM users WHERE email = $1", [email]);
  if (existing) {
    return res.status(409).json({ error: "An account with this email already exists" });
  }

  const passwordHash = await bcrypt.hash(password, 10);
  const user = await queryOne<User>(
    "INSERT INTO users (email, name, password_hash) VALUES ($1, $2, $3) RETURNING *",
    [email, name, passwordHash],
  );

  mailService.sendWelcomeEmail(user!).catch(console.error);

  res.status(201).json({ user: { id: user!.id, email: user!.email, name: user!.name } });
});

authRouter.post("/login", async (req, res) => {
  const { email, password } = loginSchema.parse(req.body);
  const user = await queryOne<User>("SELECT * FROM users WHERE email = $1", [email]);
  if (!user || !(await bcrypt.compare(password, user.password_hash))) {
    return res.status(401).json({ error: "Wrong email or password" });
  }
  console.log(`User ${user.id} logged in`);
  res.json({ token: signToken(user), user: { id: user.id, email: user.email, name: user.name, role: user.role } });
});

authRouter.post("/forgot-password", async (req, res) => {
  const { email } = loginSchema.pick({ email: true }).parse(req.body);
  const user = await queryOne<User>("SELECT * FROM users WHERE email = $1", [email]);
  if (user) {
    const token = randomBytes(24).toString("hex");
    await query(
      "INSERT INTO password_resets (token, user_id, expires_at) VALUES ($1, $2, now() + interval '1 hour')",
      [token, user.id],
    );
    await mailService.sendPasswordReset(user, token);
  }
  res.json({ message: "If the address is known, we sent you a link" });
});

authRouter.post("/reset-password", async (req, res) => {
  const { token, password } = req.body;
  const reset = await queryOne("SELECT * FROM password_resets WHERE token = $1 AND expires_at > now()", [token]);
  if (!reset || typeof password !== "string" || password.length < 8) {
    return res.status(400).json({ error: "The link has expired or the password is too short" });
  }
  const passwordHash = await bcrypt.hash(password, 10);
  await query("UPDATE users SET password_hash = $1 WHERE id = $2", [passwordHash, reset.user_id]);
  await query("DELETE FROM password_resets WHERE token = $1", [token]);
  res.json({ message: "Password changed" });
});

authRouter.get("/me", requireAuth, async (req, res) => {
  const user = await queryOne<User>("SELECT * FROM users WHERE id = $1", [req.user!.id]);
  if (!user) return res.status(404).json({ error: "User not found" });
  const { password_hash, ...profile } = user;
  res.json({ user: profile });
});
