-- CreateTable
CREATE TABLE "webhooks" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "endpoint" TEXT NOT NULL,
    "events" TEXT[],
    "status" TEXT NOT NULL DEFAULT 'enabled',
    "sealed_secret" TEXT NOT NULL,
    "previous_sealed_secret" TEXT,
    "previous_secret_until" TIMESTAMPTZ(6),
    "failing_since" TIMESTAMPTZ(6),
    "disabled_reason" TEXT,
    "disabled_at" TIMESTAMPTZ(6),
    "wake_at" TIMESTAMPTZ(6),
    "trouble" SMALLINT NOT NULL DEFAULT 0,
    "rest_until" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhooks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_messages" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "payload" TEXT NOT NULL,

    CONSTRAINT "webhook_messages_pkey" PRIMARY KEY ("id")
) PARTITION BY RANGE ("id");

-- CreateTable
CREATE TABLE "webhook_deliveries" (
    "message_id" UUID NOT NULL,
    "webhook_id" UUID NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "attempts" SMALLINT NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(6),

    CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY ("message_id","webhook_id")
) PARTITION BY RANGE ("message_id");

-- CreateTable
CREATE TABLE "webhook_attempts" (
    "message_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "webhook_id" UUID NOT NULL,
    "status_code" SMALLINT,
    "response" TEXT,
    "error" TEXT,
    "duration_ms" INTEGER NOT NULL,
    "sent_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "webhook_attempts_pkey" PRIMARY KEY ("message_id","id")
) PARTITION BY RANGE ("message_id");

-- CreateIndex
CREATE INDEX "webhooks_project_id_id_idx" ON "webhooks"("project_id", "id" DESC);

-- CreateIndex
CREATE INDEX "webhook_deliveries_webhook_id_message_id_idx" ON "webhook_deliveries"("webhook_id", "message_id" DESC);

-- AddForeignKey
ALTER TABLE "webhooks" ADD CONSTRAINT "webhooks_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Deliveries that want an attempt, and claimed ones, whose next_attempt_at is the end of their claim. Partial: what is done costs it nothing.
CREATE INDEX "webhook_deliveries_due_idx" ON "webhook_deliveries" ("webhook_id", "next_attempt_at") WHERE "status" IN ('pending', 'attempting');

-- The ticker asks only for endpoints that have a time set.
CREATE INDEX "webhooks_wake_at_idx" ON "webhooks" ("wake_at") WHERE "wake_at" IS NOT NULL;

-- Rows that are updated all the time keep room for the next version beside the old one.
ALTER TABLE "webhooks" SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);

ALTER TABLE "webhooks" ADD CONSTRAINT "webhooks_status_check" CHECK ("status" IN ('enabled', 'disabled'));
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_status_check" CHECK ("status" IN ('pending', 'attempting', 'success', 'failed'));
