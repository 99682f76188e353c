/** Notifications and short messages to people's devices. */
import { client, facts, type ClientFact, type LibraryFact } from "./fact.ts";

export const push: readonly LibraryFact[] = [
  ...facts("push", "web-push:", "sendNotification"),
  ...facts(
    "push",
    "firebase-admin:messaging()",
    "send sendEach sendEachForMulticast sendMulticast sendToDevice sendToTopic",
  ),
  ...facts("push", "firebase-admin/messaging:getMessaging()", "send sendEach sendEachForMulticast"),
  ...facts("push", "expo-server-sdk:Expo()", "sendPushNotificationsAsync"),
  ...facts("push", "expo-server-sdk:()", "sendPushNotificationsAsync"),
  ...facts("push", "onesignal-node:Client()", "createNotification"),
  ...facts("push", "@onesignal/node-onesignal:DefaultApi()", "createNotification"),
  ...facts("push", "twilio:().messages", "create"),
  ...facts("push", "twilio:().calls", "create"),
  ...facts("push", "twilio:Twilio().messages", "create"),
  ...facts("push", "twilio:().verify.**", "create"),
  ...facts("push", "@aws-sdk/client-sns:SNSClient()", "send"),
  ...facts("push", "@slack/web-api:WebClient().chat", "postMessage"),
  ...facts("push", "@vonage/server-sdk:Vonage().sms", "send"),
];

export const pushClients: readonly ClientFact[] = [
  client("twilio:()", {
    timeoutOption: "timeout",
    optionsAt: 2,
    defaultTimeoutMs: 30_000,
    source: "twilio-node, RequestClient: timeout 30 s",
  }),
];
