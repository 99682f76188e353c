import fs from "node:fs";
import path from "node:path";
import bcrypt from "bcryptjs";
import { Router } from "express";
import multer from "multer";
import { query, queryOne } from "../db.js";
import { asyncHandler } from "../middleware/asyncHandler.js";
import { requireAuth } from "../middleware/auth.js";
import type { User } from "../types/index.js";

const uploadDir = path.join(process.cwd(), "uploads", "avatars");
fs.mkdirSync(uploadDir, { recursive: true });

const upload = multer({
  storage: multer.diskStorage({
    destination: uploadDir,
    filename: (req, file, cb) => {
      cb(null, `${req.user!.id}-${Date.now()}${path.extname(file.originalname)}`);
    },
  }),
});

export const accountRouter = Router();

accountRouter.post(
  "/avatar",
  requireAuth,
  upload.single("avatar"),
  asyncHandler(async (req, res) => {
    if (!req.file) return res.status(400).json({ error: "No file uploaded" });

    const user = await queryOne<User>("SELECT * FROM users WHERE id = $1", [req.user!.id]);
    const avatarUrl = `/uploads/avatars/${req.file.filename}`;
    await query("UPDATE users SET avatar_url = $1 WHERE id = $2", [avatarUrl, req.user!.id]);

    if (user?.avatar_url) {
      fs.promises.unlink(path.join(uploadDir, path.basename(user.avatar_url))).catch(() => {});
    }
    res.json({ avatarUrl, filename: req.file.filename });
  }),
);

accountRouter.put(
  "/password",
  requireAuth,
  asyncHandler(async (req, res) => {
    const { currentPassword, newPassword } = req.body;
    const user = await queryOne<User>("SELECT * FROM users WHERE id = $1", [req.user!.id]);
    if (!user || !bcrypt.compareSync(String(currentPassword), user.password_hash)) {
      return res.status(401).json({ error: "Current password is wrong" });
    }
    if (typeof newPassword !== "string" || newPassword.length < 8) {
      return res.status(400).json({ error: "New password must have at least 8 characters" });
    }
    const hash = bcrypt.hashSync(newPassword, 10);
    await query("UPDATE users SET password_hash = $1 WHERE id = $2", [hash, user.id]);
    res.json({ message: "Password changed" });
  }),
);
