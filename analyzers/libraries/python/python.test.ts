import { describe, expect, it } from "vitest";
import { modelFrom } from "../../link/testing/model-from.ts";

/** What the calls of a small module do, in order. */
function kindsIn(...lines: string[]): string[] {
  const model = modelFrom({ "package.json": "{}", "requirements.txt": "x\n", "main.py": `${lines.join("\n")}\n` });
  return model.uses.flatMap(({ kind, api }) => (kind === null ? [] : [`${kind} ${/\w+$/.exec(api)?.[0] ?? api}`]));
}

describe("what Python's packages do", () => {
  it.each<[string, string[], string[]]>([
    ["smtplib", ["import smtplib", "with smtplib.SMTP('h') as s: s.send_message(m)"], ["mail send_message"]],
    [
      "Django's mail",
      ["from django.core import mail", "mail.send_mail('a')", "mail.EmailMessage('a').send()"],
      ["mail send_mail", "mail send"],
    ],
    ["Flask-Mail", ["from flask_mail import Mail", "mail = Mail()", "mail.send(m)"], ["mail send"]],
    ["SendGrid", ["from sendgrid import SendGridAPIClient", "SendGridAPIClient('k').send(m)"], ["mail send"]],
    ["Resend", ["import resend", "resend.Emails.send({})"], ["mail send"]],
    [
      "Brevo",
      [
        "import sib_api_v3_sdk",
        "sib_api_v3_sdk.TransactionalEmailsApi(sib_api_v3_sdk.ApiClient()).send_transac_email(m)",
      ],
      ["mail send_transac_email"],
    ],
    ["SES", ["import boto3", "ses = boto3.client('ses')", "ses.send_email(Source='a')"], ["mail send_email"]],
    ["OpenAI", ["from openai import OpenAI", "OpenAI().chat.completions.create(model='m')"], ["model create"]],
    ["OpenAI of old", ["import openai", "openai.ChatCompletion.create(model='m')"], ["model create"]],
    [
      "Gemini",
      ["import google.generativeai as genai", "genai.GenerativeModel('m').generate_content('x')"],
      ["model generate_content"],
    ],
    [
      "Google's newer SDK",
      ["from google import genai", "genai.Client().models.generate_content(model='m')"],
      ["model generate_content"],
    ],
    [
      "LangChain",
      ["from langchain_openai import ChatOpenAI", "llm = ChatOpenAI()", "llm.invoke('x')"],
      ["model invoke"],
    ],
    ["Stripe", ["import stripe", "stripe.checkout.Session.create(mode='payment')"], ["payment create"]],
    [
      "Django's models",
      [
        "from django.db import models",
        "class Book(models.Model): pass",
        "Book.objects.filter(a=1).first()",
        "Book.objects.create(a=1)",
        "Book().save()",
      ],
      ["database-read first", "database-read filter", "database-write create", "database-write save"],
    ],
    [
      "SQLAlchemy",
      [
        "from sqlalchemy.orm import sessionmaker",
        "db = sessionmaker()()",
        "db.query(User).filter(x).all()",
        "db.add(u)",
        "db.commit()",
      ],
      ["database-read all", "database-write add", "database-write commit"],
    ],
    [
      "Flask-SQLAlchemy",
      [
        "from flask_sqlalchemy import SQLAlchemy",
        "db = SQLAlchemy()",
        "class User(db.Model): pass",
        "User.query.filter_by(a=1).all()",
        "db.session.add(u)",
      ],
      ["database-read all", "database-write add"],
    ],
    [
      "SQL by its first word",
      [
        "import psycopg2",
        "cur = psycopg2.connect().cursor()",
        "cur.execute('select 1')",
        "cur.execute('delete from a')",
      ],
      ["database-read execute", "database-write execute"],
    ],
    [
      "MongoDB",
      ["from pymongo import MongoClient", "db = MongoClient()['a']", "db.users.find({})", "db.users.insert_one({})"],
      ["database-read find", "database-write insert_one"],
    ],
    [
      "files",
      ["import shutil", "with open('a', 'wb') as f:", "  f.write(b)", "  shutil.copyfileobj(a, f)"],
      ["file-write write", "file-write copyfileobj"],
    ],
    ["uploads", ["from flask import request", "request.files['a'].save('x')"], ["file-write save"]],
    ["S3", ["import boto3", "boto3.client('s3').upload_fileobj(f, 'b', 'k')"], ["storage upload_fileobj"]],
    ["a queue", ["from rq import Queue", "Queue().enqueue(f)"], ["queue enqueue"]],
  ])("%s", (_, lines, kinds) => {
    expect(kindsIn(...lines).toSorted()).toEqual(kinds.toSorted());
  });
});
