-- AlterTable
ALTER TABLE "feedback_sources" ADD COLUMN "managed" BOOLEAN NOT NULL DEFAULT true;
ALTER TABLE "feedback_sources" ADD COLUMN "follow_at" TIMESTAMPTZ(6);
ALTER TABLE "feedback_sources" ADD COLUMN "follow_attempts" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "feedback_sources" ADD COLUMN "follow_since" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP;
ALTER TABLE "feedback_sources" ADD COLUMN "proof_id" UUID;
ALTER TABLE "feedback_sources" ADD COLUMN "proof_sent_at" TIMESTAMPTZ(6);
ALTER TABLE "feedback_sources" ADD COLUMN "proofs_sent" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "feedback_sources" ADD COLUMN "proven_at" TIMESTAMPTZ(6);
ALTER TABLE "feedback_sources" ADD COLUMN "active_at" TIMESTAMPTZ(6);
ALTER TABLE "feedback_sources" ADD COLUMN "dead_letters" INTEGER;
ALTER TABLE "feedback_sources" ADD COLUMN "dead_letters_at" TIMESTAMPTZ(6);
ALTER TABLE "feedback_sources" ADD COLUMN "pull_problem" JSONB;

-- The ticker asks only for sources that have a time set.
CREATE INDEX "feedback_sources_follow_at_idx" ON "feedback_sources" ("follow_at") WHERE "follow_at" IS NOT NULL;
