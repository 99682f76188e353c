/** Contexts of small Next apps: which files the server runs, and which are only the browser's. */
import { describe, expect, it } from "vitest";
import { modelFrom } from "../link/testing/model-from.ts";

const manifest = JSON.stringify({
  name: "shop",
  scripts: { start: "next start" },
  dependencies: { next: "16", react: "19" },
});

function contextsOf(files: Record<string, string>): Record<string, string> {
  const model = modelFrom({ "package.json": manifest, ...files });
  return Object.fromEntries(Object.keys(files).map((file) => [file, model.context(file)]));
}

describe("contexts by conventional places", () => {
  it("ends at client components, and begins again at server actions", () => {
    expect(
      contextsOf({
        "src/app/page.tsx":
          'import { Form } from "../components/form";\nimport { list } from "../lib/orders";\nexport default async function Page() { await list(); return <Form/>; }',
        "src/app/admin/page.tsx":
          '"use client";\nimport { Table } from "../../components/table";\nexport default function Admin() { return <Table/>; }',
        "src/app/admin/error.tsx": '"use client";\nexport default function Failed() { return <p/>; }',
        "src/app/api/orders/route.ts":
          'import { list } from "../../../lib/orders";\nexport async function GET() { return Response.json(await list()); }',
        "src/lib/orders.ts": 'import { format } from "./format";\nexport async function list() { return format([]); }',
        "src/lib/format.ts": "export const format = (rows) => rows;",
        "src/components/form.tsx":
          '"use client";\nimport { useOrder } from "../hooks/use-order";\nimport { save } from "../actions";\nimport { format } from "../lib/format";\nexport function Form() { useOrder(); return <form action={save}>{format("")}</form>; }',
        "src/components/table.tsx": "export function Table() { return <table/>; }",
        "src/hooks/use-order.ts": 'export function useOrder() { return fetch("/api/orders"); }',
        "src/actions.ts":
          '"use server";\nimport { notify } from "./lib/notify";\nexport async function save() { await notify(); }',
        "src/lib/notify.ts": 'export async function notify() { await fetch("https://hooks.example.com"); }',
        "src/middleware.ts": "export function middleware() {}",
        "src/instrumentation.ts": "export function register() {}",
        "next.config.js": "module.exports = {};",
      }),
    ).toEqual({
      "src/app/page.tsx": "server",
      "src/app/admin/page.tsx": "browser",
      "src/app/admin/error.tsx": "browser",
      "src/app/api/orders/route.ts": "server",
      "src/lib/orders.ts": "server",
      "src/lib/format.ts": "server",
      "src/components/form.tsx": "browser",
      "src/components/table.tsx": "browser",
      "src/hooks/use-order.ts": "browser",
      "src/actions.ts": "server",
      "src/lib/notify.ts": "server",
      "src/middleware.ts": "server",
      "src/instrumentation.ts": "server",
      "next.config.js": "build",
    });
  });

  it("parts the pages of the older router by the exports that each half uses", () => {
    expect(
      contextsOf({
        "pages/index.tsx":
          'import { Feed } from "../components/feed";\nimport { posts } from "../lib/posts";\nexport const getServerSideProps = guarded(async () => ({ props: load() }));\nfunction load() { return posts(); }\nfunction guarded(fn) { return fn; }\nexport default function Home() { return <Feed/>; }',
        "pages/about.tsx":
          'import { readme } from "../lib/readme";\nexport async function getStaticProps() { return { props: { text: readme() } }; }\nexport default function About() { return <p/>; }',
        "pages/news.tsx":
          'import { news } from "../lib/news";\nexport async function getStaticProps() { return { props: news(), revalidate: 60 }; }\nexport default function News() { return <p/>; }',
        "pages/settings.tsx":
          'import { client } from "../lib/client";\nexport default function Settings() { client(); return <p/>; }',
        "pages/_app.tsx": "export default function App({ Component }) { return <Component/>; }",
        "pages/_document.tsx": "export default function Document() { return <html/>; }",
        "pages/api/posts.ts":
          'import { posts } from "../../lib/posts";\nexport default function handler(req, res) { res.json(posts()); }',
        "components/feed.tsx":
          'import { useState } from "react";\nexport function Feed() { useState(); return <ul/>; }',
        "lib/posts.ts": "export const posts = () => [];",
        "lib/readme.ts": "export const readme = () => '';",
        "lib/news.ts": "export const news = () => [];",
        "lib/client.ts": "export const client = () => fetch('/api/posts');",
      }),
    ).toEqual({
      "pages/index.tsx": "server",
      "pages/about.tsx": "build",
      "pages/news.tsx": "server",
      "pages/settings.tsx": "browser",
      "pages/_app.tsx": "browser",
      "pages/_document.tsx": "server",
      "pages/api/posts.ts": "server",
      "components/feed.tsx": "browser",
      "lib/posts.ts": "server",
      "lib/readme.ts": "build",
      "lib/news.ts": "server",
      "lib/client.ts": "browser",
    });
  });
});
