const SERVICE_FEE_PERCENT = 3;
const GROUP_SIZE = 6;
const GROUP_DISCOUNT_PERCENT = 5;

const SYMBOLS = new Map([
  ["EUR", "€"],
  ["USD", "$"],
  ["GBP", "£"],
]);

export interface Quote {
  subtotalCents: number;
  discountCents: number;
  feeCents: number;
  totalCents: number;
}

export function calculateQuote(priceCents: number, quantity: number, promoPercent = 0): Quote {
  const subtotalCents = priceCents * quantity;
  const groupPercent = quantity >= GROUP_SIZE ? GROUP_DISCOUNT_PERCENT : 0;
  const percent = Math.min(groupPercent + promoPercent, 100);
  const discountCents = Math.round((subtotalCents * percent) / 100);
  const feeCents = Math.round(((subtotalCents - discountCents) * SERVICE_FEE_PERCENT) / 100);
  return { subtotalCents, discountCents, feeCents, totalCents: subtotalCents - discountCents + feeCents };
}

export function loyaltyPointsFor(totalCents: number) {
  return Math.floor(totalCents / 100);
}

export function formatMoney(cents: number, currency = "EUR") {
  const symbol = SYMBOLS.get(currency) ?? `${currency} `;
  return `${symbol}${(cents / 100).toFixed(2)}`;
}
