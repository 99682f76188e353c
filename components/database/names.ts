/** What the names of tables and columns say about their size and use. Plain words only: a name that says nothing is neither. */
import { plain } from "../../analyzers/schema/index.ts";

/** Tables with a handful of rows, which somebody keeps by hand. */
const small =
  /^(app|site|system|user|product|post|blog|event|order|payment|job|service|item|expense|asset|course|news|menu)?(role|permission|categor(y|ie)|subcategor(y|ie)|tag|setting|config(uration)?|preference|option|plan|tier|package|pricing|countr(y|ie)|currenc(y|ie)|language|locale|status(e)?|state|cit(y|ie)|region|district|type|kind|feature(flag)?|flag|unit|size|color|colour|brand|banner|slider|slide|faq|template|theme|menu|department|branch(e)?|bank|timezone|topic|amenit(y|ie)|skill|level|genre|section|page|shippingmethod|paymentmethod|deliverymethod|taxrate|tax|rate|gateway|provider|plugin|integration|apikey|domain|adminconfig|investmentplan|hero|about|socialmedia|sociallink|partner|testimonial|gender|industr(y|ie)|holiday|season|division|zone)s?$/;
/** Tables that grow with every user or every day. */
const growing =
  /(user|customer|member|client|account|patient|student|employee|order|orderitem|product|message|chat|conversation|post|comment|log|event|notification|transaction|payment|invoice|session|ticket|review|booking|reservation|appointment|activit(y|ie)|audit|file|image|photo|media|upload|document|article|blog|lead|contact|record|entr(y|ie)|feedback|like|follow|follower|visit|view|click|email|mail|task|todo|job|application|submission|request|report|attendance|expense|purchase|sale|shipment|deliver(y|ie)|inventory|stock|item|history|histor(y|ie)|metric|reading|measurement|location|track|song|movie|video|book|recipe|listing|propert(y|ie)|vehicle|donation|withdrawal|deposit|transfer|referral|subscriber|subscription|campaign|link|url|token|coupon|vote|repl(y|ie)|answer|question|quiz|result|score|run|execution|webhook|push|device|screening|donor|note|investment)s?$/;

export function isSmall(table: string): boolean {
  return small.test(wordOf(table));
}

/** `usersTable`, `tbl_users`, `UserModel`: the word in it. */
function wordOf(table: string): string {
  return plain(table).replace(/^tbl|(table|model|entity|schema|collection)$/g, "");
}

export function isGrowing(table: string): boolean {
  return !isSmall(table) && growing.test(wordOf(table));
}

/** Lists that stay short for each owner, though there are many of them. */
export function isShortPerOwner(table: string): boolean {
  return /cart|basket|wish|address|device|setting|preference/.test(plain(table));
}

/** Columns that say whose row it is, or to which parent it belongs. */
export function isOwner(column: string): boolean {
  return (
    /(_id|Id|ID|_uuid|Uuid)$/.test(column) ||
    /^(user|owner|author|customer|account|member|creator|createdBy|created_by|sender|receiver|recipient|buyer|seller|patient|student|employee|company|organization|organisation|team|workspace|project|tenant|shop|store|post|parent|order|conversation|chat|room|event|course|product|client|host|group|channel|board|list|thread|article|movie|book)$/i.test(
      column,
    )
  );
}

/** Columns of which every row has another value, where the schema is not known. */
export function isKey(column: string): boolean {
  return /^(_?id|uuid|guid|pk|email|username|user_?name|login|slug|handle|phone|phone_?number|mobile|token|code|hash|key|sku|isbn|reference|external_?id|stripe_\w+|\w*token)$/i.test(
    column,
  );
}

/** Numbers that several users change at once, and that somebody misses when one change is lost. */
export function isShared(column: string): boolean {
  return /credit|balance|stock|quantit|inventory|left|remaining|available|points?$|seats?|capacity|wallet|uses|used|usage|count|tickets|coins?|tokens?$|amount|budget|limit|slots?|sold|views?|likes?|votes?|score|total|spent|earned|supply|funds|bonus|hits|clicks|downloads/i.test(
    column,
  );
}

/** Columns with few values: an index on them alone would not be used. */
export function isCoarse(column: string, type: string | null): boolean {
  return (
    /^(is|has|can|was|should)[A-Z_]|^(status|state|type|kind|role|category|active|deleted|enabled|published|visible|gender|level|priority|read|seen|archived|verified|approved|featured|paid|completed|done|country|language|currency|city|plan|provider|platform|source|method|channel|stage|mode|visibility|purpose|section|in_?stock|available)$|_?(status|type)$/i.test(
      column,
    ) || /^(bool|boolean|tinyint|enum|bit)/.test(type ?? "")
  );
}

/** Records beside the matter: nobody is harmed when one of them is missing. */
export function isAside(table: string): boolean {
  return /(log|audit|activit(y|ie)|analytic|event|metric|notification|session|view|visit|click|cache|histor(y|ie)|refreshtoken|token|otp|attempt|search|stat|usage|feed|queue|job|outbox|email|mail|message)s?$/.test(
    wordOf(table),
  );
}
