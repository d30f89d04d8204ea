-- AlterTable
ALTER TABLE "feedback_sources" ADD COLUMN "signature_v2_at" TIMESTAMPTZ(6);
ALTER TABLE "feedback_sources" ADD COLUMN "pull_asked_at" TIMESTAMPTZ(6);
ALTER TABLE "feedback_sources" ADD COLUMN "pulled_at" TIMESTAMPTZ(6);

-- Mail that waited for long before SES took it, by the message id that classic notifications name. Partial: mail that goes at once,
-- which is nearly all, costs the index nothing.
CREATE INDEX "emails_waited_idx" ON "emails" ("ses_message_id") WHERE "sent_at" - "created_at" > interval '50 minutes';
