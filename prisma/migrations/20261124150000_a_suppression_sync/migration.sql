-- AlterTable
ALTER TABLE "suppressions" ADD COLUMN "ses_connection_id" UUID;

-- CreateTable
CREATE TABLE "suppression_syncs" (
    "connection_id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "mode" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(6) NOT NULL,
    "sync_at" TIMESTAMPTZ(6),
    "seen_until" TIMESTAMPTZ(6),
    "pass_began_at" TIMESTAMPTZ(6),
    "next_token" TEXT,
    "synced_at" TIMESTAMPTZ(6),
    "quiet_passes" INTEGER NOT NULL DEFAULT 0,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "imported" BIGINT NOT NULL DEFAULT 0,
    "put" BIGINT NOT NULL DEFAULT 0,
    "deleted" BIGINT NOT NULL DEFAULT 0,
    "refused" BIGINT NOT NULL DEFAULT 0,
    "suppressed_reasons" TEXT[],
    "problem" JSONB,

    CONSTRAINT "suppression_syncs_pkey" PRIMARY KEY ("connection_id")
);

-- CreateTable
CREATE TABLE "suppression_sync_changes" (
    "id" BIGSERIAL NOT NULL,
    "connection_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "done_at" TIMESTAMPTZ(6),

    CONSTRAINT "suppression_sync_changes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "suppression_sync_spellings" (
    "connection_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "address" TEXT NOT NULL,

    CONSTRAINT "suppression_sync_spellings_pkey" PRIMARY KEY ("connection_id","email","address")
);

-- CreateIndex
CREATE INDEX "suppression_syncs_project_id_idx" ON "suppression_syncs"("project_id");

-- CreateIndex
CREATE INDEX "suppression_sync_changes_connection_id_email_idx" ON "suppression_sync_changes"("connection_id", "email");

-- AddForeignKey
ALTER TABLE "suppression_syncs" ADD CONSTRAINT "suppression_syncs_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "suppression_sync_changes" ADD CONSTRAINT "suppression_sync_changes_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "suppression_syncs"("connection_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "suppression_sync_spellings" ADD CONSTRAINT "suppression_sync_spellings_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "suppression_syncs"("connection_id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "suppression_syncs" ADD CONSTRAINT "suppression_syncs_mode_check" CHECK ("mode" IN ('import', 'both'));

ALTER TABLE "suppression_sync_changes" ADD CONSTRAINT "suppression_sync_changes_action_check" CHECK ("action" IN ('put', 'delete'));

-- The ticker asks only for connections that sync at all.
CREATE INDEX "suppression_syncs_sync_at_idx" ON "suppression_syncs" ("sync_at") WHERE "sync_at" IS NOT NULL;

-- What is still to be done in the account, in order.
CREATE INDEX "suppression_sync_changes_open_idx" ON "suppression_sync_changes" ("connection_id", "action", "id") WHERE "done_at" IS NULL;
