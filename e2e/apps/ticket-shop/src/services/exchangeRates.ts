const RATES_URL = "https://open.er-api.com/v6/latest/EUR";

export async function getExchangeRates(): Promise<Record<string, number>> {
  const response = await fetch(RATES_URL);
  if (!response.ok) {
    throw new Error(`Exchange rate API answered ${response.status}`);
  }
  const data = (await response.json()) as { rates?: Record<string, number> };
  return data.rates ?? {};
}
