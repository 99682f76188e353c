/** What the names of tables and columns say about their size and use. Plain words only: a name that says nothing is neither. */

/** Last words of tables with a handful of rows, which somebody keeps by hand. */
const small = wordsOf(
  "role permission category subcategory tag setting config configuration preference option plan tier package pricing country currency " +
    "language locale status state city region district type kind flag feature unit size color colour flavor flavour brand banner slider slide faq " +
    "template theme menu department branch bank timezone topic amenity skill level genre section page method rate tax gateway provider " +
    "plugin integration hero about partner testimonial gender industry holiday season division zone migration schema stat platform " +
    "model definition province subdistrict upazila municipality classification",
);
/** Last words of tables that grow with every user or every day. */
const growing = wordsOf(
  "user customer member client account patient student employee staff order item product message chat conversation post comment log " +
    "event notification transaction payment invoice session ticket review booking reservation appointment activity audit file image " +
    "photo media upload document article blog lead contact record entry feedback like follow follower visit view click email mail task " +
    "todo job application submission request report attendance expense purchase sale shipment inventory stock history metric bill billing " +
    "reading measurement location track song movie video book recipe listing property vehicle donation withdrawal deposit transfer " +
    "referral subscriber subscription campaign link url token coupon vote reply answer question quiz result score run execution webhook " +
    "push device screening donor note investment credit debit receipt conversion analytic usage call friend invitation invite " +
    "generation prompt completion embedding chunk memory story clip snapshot revision version change alert quote estimate timesheet " +
    "shift workout meal habit journal flashcard earning payout withdrawal refund",
);
/** A table of these things per user grows with the users. */
const people = wordsOf(
  "user customer member client account patient student employee team organization tenant workspace",
);

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}

export function isSmall(table: string): boolean {
  const words = wordsIn(table);
  // Those on the page that shows who the company is.
  if (words.join(" ") === "team member") return true;
  // `masterCakeBase`: what can be chosen from, kept by hand; `master_customer` is a table of customers.
  if (words[0] === "master" && words.length > 1) return !growing.has(words.at(-1) ?? "");
  return small.has(words.at(-1) ?? "") && (words.length === 1 || !people.has(words[0] ?? ""));
}

/** Tables of those who use the app. */
export function arePeople(table: string): boolean {
  return people.has(wordsIn(table).at(-1) ?? "");
}

export function isGrowing(table: string): boolean {
  return !isSmall(table) && growing.has(wordsIn(table).at(-1) ?? "");
}

/** `usersTable`, `tbl_users`, `UserModel`, `user_categories`: the words in it, the last one in the singular. */
function wordsIn(table: string): string[] {
  const words = table
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => !/^(tbl|table|model|entity|schema|collection|)$/.test(word));
  return words.map(singular);
}

function singular(word: string): string {
  if (word.endsWith("ies")) return word.replace(/ies$/, "y");
  return /(ss|us|is)$/.test(word) ? word : word.replace(/(?<=sh|ch|x|ss|tus)es$|s$/, "");
}

/** Lists that stay short for each owner, though there are many of them: carts, the parts of which one thing is made. */
export function isShortPerOwner(table: string, owner: string): boolean {
  const words = wordsIn(table);
  if (words.some((word) => /^(cart|basket|wishlist|address|device|setting|preference)$/.test(word))) return true;
  // The few services by which one person logs in.
  if (/^o ?auth (account|identity|connection)/.test(words.join(" ")) && isPerson(owner)) return true;
  const [parent] = wordsIn(owner);
  return words[0] === parent && parts.has(words.at(-1) ?? "");
}

const parts = wordsOf(
  "item line detail ingredient option variant image photo step section permission role tag attachment size feature product",
);

/** Tables that grow with the users, though each of them, or each thing of theirs, has only some of the rows. */
export function isFewPerOwner(table: string): boolean {
  return few.has(wordsIn(table).at(-1) ?? "");
}

/** Tables of which one thing alone can have thousands of rows. */
export function isLongPerOwner(table: string): boolean {
  return long.has(wordsIn(table).at(-1) ?? "");
}

const long = wordsOf(
  "message chat comment reply post log notification transaction reading measurement order visit view click metric lead contact subscriber " +
    "like follow vote review booking feedback submission response answer entry member user",
);

const few = wordsOf(
  "version revision alert invitation invite device coupon metric campaign question quiz habit snapshot quote vehicle property",
);

/** Of which one person has dozens in years: each is a deed of its own, not something that goes on all day. */
export function isFewPerPerson(table: string, owner: string): boolean {
  const words = wordsIn(table);
  return isPerson(owner) && (deeds.has(words.at(-1) ?? "") || isOfMembers(words));
}

/** `members`, `team_users`: one person belongs to some teams, though a team may have thousands. */
function isOfMembers(words: readonly string[]): boolean {
  const last = words.at(-1) ?? "";
  return last === "member" || last === "membership" || (last === "user" && words.length > 1);
}

/** Whether a column says which person: of one person there is less than of a shop or a team. */
export function isPerson(owner: string): boolean {
  return person.test(owner);
}

const person =
  /^(user|customer|candidate|recruiter|applicant|patient|author|member|student|employee|creator|created_?by|owner|reviewer|buyer|voter|guest|driver|teacher)(_?id)?$/i;
const deeds = wordsOf(
  "review application job payment subscription booking appointment reservation submission report donation referral resume chat " +
    "conversation withdrawal deposit payout refund receipt member membership participant collaborator enrollment",
);

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
    /^(is|has|can|was|should)[A-Z_]|^(status|state|type|kind|role|category|active|deleted|enabled|published|visible|gender|level|step|stage|priority|read|seen|archived|verified|approved|featured|paid|completed|done|country|language|currency|city|plan|provider|platform|source|method|channel|stage|mode|visibility|purpose|section|in_?stock|available)$|_?(status|type)$/i.test(
      column,
    ) || /^(bool|boolean|tinyint|enum|bit)/.test(type ?? "")
  );
}

/** Records beside the matter: nobody is harmed when one of them is missing. */
export function isAside(table: string): boolean {
  return asides.has(wordsIn(table).at(-1) ?? "");
}

const asides = wordsOf(
  "log audit activity analytic event metric notification session view visit click cache history token otp attempt lockout lock limit " +
    "search stat usage feed queue job outbox email mail message",
);

/** What one buyer has put together so far: only two clicks of that buyer can meet in it. */
export function isOfOneBuyer(table: string): boolean {
  return wordsIn(table).some((word) => /^(cart|basket|wishlist)$/.test(word));
}

/** What lasts for minutes, and of which its user asks for a new one: codes, one-time links. */
export function isAskedAgain(table: string): boolean {
  return /^(verification|otp|passcode|code|token|magic_?link|challenge|nonce)$/.test(wordsIn(table).at(-1) ?? "");
}

/** How a table is called in a message: `T` and `TDocument` are what a class calls the model that it is given, which says nothing. */
export function shownTable(table: string | null, otherwise: string): string {
  return table === null || /^([A-Z]|T[A-Z][a-z]\w*|\W*)$/.test(table) ? otherwise : `\`${table}\``;
}
