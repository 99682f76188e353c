import { z } from "zod";

export const signUpSchema = z.object({
  email: z.email().transform((value) => value.toLowerCase()),
  name: z.string().min(1).max(80),
  password: z.string().min(8),
});

export const loginSchema = z.object({
  email: z.email().transform((value) => value.toLowerCase()),
  password: z.string(),
});

export const checkoutSchema = z.object({
  eventId: z.number().int().positive(),
  quantity: z.number().int().min(1).max(10),
  paymentMethodId: z.string().default("pm_card_visa"),
  promoCode: z.string().optional(),
});

export const cartItemSchema = z.object({
  eventId: z.number().int().positive(),
  quantity: z.number().int().min(1).max(10),
});

export const reviewSchema = z.object({
  rating: z.number().int().min(1).max(5),
  body: z.string().min(3).max(2000),
});

export const eventSchema = z.object({
  title: z.string().min(2),
  description: z.string().default(""),
  venue: z.string().min(2),
  city: z.string().min(2),
  startsAt: z.coerce.date(),
  priceCents: z.number().int().min(0),
  tickets: z.number().int().min(0),
  poster: z.string().optional(),
});

export const contactSchema = z.object({
  name: z.string().min(1),
  email: z.email(),
  message: z.string().min(10).max(5000),
});
