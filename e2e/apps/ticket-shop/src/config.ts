export const config = {
  port: Number(process.env.PORT) || 4000,
  jwtSecret: process.env.JWT_SECRET || "stagepass-super-secret-key",
  stripeSecretKey: process.env.STRIPE_SECRET_KEY || "sk_test_placeholder",
  openaiApiKey: process.env.OPENAI_API_KEY || "sk-placeholder",
  slackWebhookUrl: process.env.SLACK_WEBHOOK_URL,
  supportEmail: "hello@stagepass.example",
};
