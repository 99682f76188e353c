/** For how long the answers of other services are good, by what they tell. */

/**
 * By words of the address. Rates of central banks come once a day, fonts and lists of countries hardly ever change; weather
 * stations report every ten to fifteen minutes; prices of coins and content of editors change by the minute.
 */
const kinds: readonly { words: RegExp; ttl: string; seconds: number }[] = [
  {
    words:
      /exchange-?rate|er-api|frankfurter|fixer\.io|fonts\.g|restcountries|pokeapi|jwks|well-known|dictionaryapi|openlibrary|spacexdata|themoviedb|omdbapi|ghibli|\/releases\b/i,
    ttl: "60 * 60 * 1000",
    seconds: 3600,
  },
  { words: /meteo|weather|forecast/i, ttl: "10 * 60 * 1000", seconds: 600 },
];

/** An expression in milliseconds, and the same in seconds. */
export function goodFor(text: string): { ttl: string; seconds: number } {
  return kinds.find(({ words }) => words.test(text)) ?? { ttl: "60 * 1000", seconds: 60 };
}
