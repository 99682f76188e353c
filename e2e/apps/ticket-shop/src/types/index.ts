export interface User {
  id: number;
  email: string;
  name: string;
  password_hash: string;
  role: "customer" | "admin";
  avatar_url: string | null;
  loyalty_points: number;
}

export interface Event {
  id: number;
  title: string;
  description: string;
  venue: string;
  city: string;
  starts_at: Date;
  price_cents: number;
  tickets_left: number;
  poster: string | null;
  latitude: number | null;
  longitude: number | null;
}

export interface Order {
  id: number;
  user_id: number;
  event_id: number;
  quantity: number;
  total_cents: number;
  currency: string;
  status: "paid" | "cancelled";
  payment_id: string;
  created_at: Date;
}

export interface Ticket {
  id: number;
  order_id: number;
  event_id: number;
  code: string;
}

export interface AuthUser {
  id: number;
  email: string;
  role: string;
}
