-- CreateTable
CREATE TABLE "feedback_sources" (
    "connection_id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "mode" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'setting_up',
    "steps" JSONB NOT NULL DEFAULT '[]',
    "region" TEXT NOT NULL,
    "configuration_set" TEXT,
    "topic_arn" TEXT,
    "subscription_arn" TEXT,
    "confirmation_token" TEXT,
    "queue_url" TEXT,
    "dead_letter_url" TEXT,
    "token_hash" BYTEA,
    "sealed_token" TEXT,
    "secret_hash" BYTEA,
    "sealed_secret" TEXT,
    "tracking" JSONB,
    "poll_at" TIMESTAMPTZ(6),
    "poll_until" TIMESTAMPTZ(6),
    "last_event_at" TIMESTAMPTZ(6),
    "rejected_events" BIGINT NOT NULL DEFAULT 0,
    "foreign_events" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "feedback_sources_pkey" PRIMARY KEY ("connection_id")
);

-- CreateTable
CREATE TABLE "event_inbox" (
    "id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "due_at" TIMESTAMPTZ(6) NOT NULL,
    "received_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "body" TEXT NOT NULL,

    CONSTRAINT "event_inbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "event_receipts" (
    "connection_id" UUID NOT NULL,
    "transport_id" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "event_receipts_pkey" PRIMARY KEY ("connection_id","transport_id")
);

-- CreateTable
CREATE TABLE "event_rejects" (
    "id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(6) NOT NULL,
    "rejected_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "event_rejects_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "soft_bounces" (
    "project_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "email_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "soft_bounces_pkey" PRIMARY KEY ("project_id","email","email_id")
);

-- CreateTable
CREATE TABLE "reputation_hours" (
    "connection_id" UUID NOT NULL,
    "hour" TIMESTAMPTZ(6) NOT NULL,
    "recipients" BIGINT NOT NULL DEFAULT 0,
    "bounced" BIGINT NOT NULL DEFAULT 0,
    "complained" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "reputation_hours_pkey" PRIMARY KEY ("connection_id","hour")
);

-- AlterTable
ALTER TABLE "emails" ADD COLUMN "feedback_rank" SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE "emails" ADD COLUMN "engagement" SMALLINT NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "connections" ADD COLUMN "paused_reason" TEXT;
ALTER TABLE "connections" ADD COLUMN "reputation" TEXT NOT NULL DEFAULT 'good';
ALTER TABLE "connections" ADD COLUMN "reputation_from" TIMESTAMPTZ(6);

-- CreateIndex
CREATE UNIQUE INDEX "feedback_sources_token_hash_key" ON "feedback_sources"("token_hash");

-- CreateIndex
CREATE INDEX "event_inbox_connection_id_due_at_idx" ON "event_inbox"("connection_id", "due_at");

-- CreateIndex
CREATE INDEX "event_rejects_connection_id_id_idx" ON "event_rejects"("connection_id", "id" DESC);

-- AddForeignKey
ALTER TABLE "feedback_sources" ADD CONSTRAINT "feedback_sources_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reputation_hours" ADD CONSTRAINT "reputation_hours_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The ticker asks only for sources that have a time set.
CREATE INDEX "feedback_sources_poll_at_idx" ON "feedback_sources" ("poll_at") WHERE "poll_at" IS NOT NULL;

-- Old receipts and soft bounces are found by their age. The rows come in that order, so a few blocks tell it.
CREATE INDEX "event_receipts_received_at_idx" ON "event_receipts" USING BRIN ("received_at") WITH (pages_per_range = 32, autosummarize = on);
CREATE INDEX "soft_bounces_at_idx" ON "soft_bounces" USING BRIN ("at") WITH (pages_per_range = 32, autosummarize = on);

-- Rows that come and go: what is dead is swept soon.
ALTER TABLE "event_inbox" SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
ALTER TABLE "feedback_sources" SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);
ALTER TABLE "reputation_hours" SET (fillfactor = 70);

ALTER TABLE "feedback_sources" ADD CONSTRAINT "feedback_sources_mode_check" CHECK ("mode" IN ('pull', 'sns', 'eventbridge'));
ALTER TABLE "feedback_sources" ADD CONSTRAINT "feedback_sources_status_check" CHECK ("status" IN ('setting_up', 'proving', 'active', 'failed', 'removing', 'broken'));
ALTER TABLE "connections" ADD CONSTRAINT "connections_reputation_check" CHECK ("reputation" IN ('good', 'warned', 'paused'));
