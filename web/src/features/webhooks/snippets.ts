// How a receiver makes sure that an event comes from here, in the two languages that most are written in.

export type Language = "python" | "javascript";

const PYTHON = `# pip install standardwebhooks flask
import os

from flask import Flask, request
from standardwebhooks import Webhook, WebhookVerificationError

app = Flask(__name__)
webhook = Webhook(os.environ["WEBHOOK_SECRET"])  # whsec_…


@app.post("/hook")
def receive():
    try:
        event = webhook.verify(request.get_data(), dict(request.headers))
    except WebhookVerificationError:
        return "", 400
    if not seen_before(request.headers["webhook-id"]):  # the same id may come twice
        handle(event["type"], event["data"])
    return "", 204
`;

const JAVASCRIPT = `// npm install standardwebhooks express
import express from "express";
import { Webhook } from "standardwebhooks";

const app = express();
const webhook = new Webhook(process.env.WEBHOOK_SECRET); // whsec_…

app.post("/hook", express.raw({ type: "application/json" }), async (request, response) => {
  let event;
  try {
    event = webhook.verify(request.body.toString(), request.headers);
  } catch {
    return response.sendStatus(400);
  }
  // the same id may come twice
  if (!(await seenBefore(request.headers["webhook-id"]))) await handle(event.type, event.data);
  response.sendStatus(204);
});
`;

export const SNIPPETS: Record<Language, string> = { python: PYTHON, javascript: JAVASCRIPT };
