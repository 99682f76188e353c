interface Coordinates {
  latitude: number;
  longitude: number;
}

export async function geocodeVenue(venue: string, city: string): Promise<Coordinates | null> {
  const params = new URLSearchParams({ q: `${venue}, ${city}`, format: "json", limit: "1" });
  try {
    const response = await fetch(`https://nominatim.openstreetmap.org/search?${params}`, {
      headers: { "User-Agent": "stagepass-ticket-shop" },
      signal: AbortSignal.timeout(3000),
    });
    const [place] = (await response.json()) as { lat: string; lon: string }[];
    return place ? { latitude: Number(place.lat), longitude: Number(place.lon) } : null;
  } catch (err) {
    console.warn(`Could not geocode ${venue}:`, err);
    return null;
  }
}
