-- CreateTable
CREATE TABLE "organizations" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "organizations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "projects" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "delivery" TEXT NOT NULL DEFAULT 'at_least_once',
    "weight" SMALLINT NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(6),

    CONSTRAINT "projects_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_keys" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "project_id" UUID,
    "name" TEXT NOT NULL,
    "permission" TEXT NOT NULL,
    "domain" TEXT,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(6),
    "revoked_at" TIMESTAMPTZ(6),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ses_accounts" (
    "id" UUID NOT NULL,
    "aws_account_id" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "production_access" BOOLEAN,
    "sending_enabled" BOOLEAN,
    "enforcement_status" TEXT,
    "max_send_rate" DOUBLE PRECISION,
    "max_24_hour_send" DOUBLE PRECISION,
    "sent_last_24_hours" DOUBLE PRECISION,
    "quota_checked_at" TIMESTAMPTZ(6),
    "sent_since_check" INTEGER NOT NULL DEFAULT 0,
    "next_slot_at" TIMESTAMPTZ(6),
    "rate_factor" DOUBLE PRECISION NOT NULL DEFAULT 1,
    "throttled_at" TIMESTAMPTZ(6),
    "quota_blocked_until" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ses_accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connections" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'awaiting_role',
    "role_arn" TEXT,
    "aws_account_id" TEXT,
    "ses_account_id" UUID,
    "external_id" TEXT NOT NULL,
    "pending_external_id" TEXT,
    "requested_session_seconds" INTEGER NOT NULL DEFAULT 3600,
    "granted_session_seconds" INTEGER,
    "session_reason" TEXT,
    "capacity_share" DOUBLE PRECISION NOT NULL DEFAULT 0.9,
    "fallback_connection_id" UUID,
    "is_paused" BOOLEAN NOT NULL DEFAULT false,
    "credential_epoch" INTEGER NOT NULL DEFAULT 1,
    "verifying_since" TIMESTAMPTZ(6),
    "next_check_at" TIMESTAMPTZ(6),
    "verified_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "disconnected_at" TIMESTAMPTZ(6),

    CONSTRAINT "connections_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connection_checks" (
    "connection_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "side" TEXT,
    "detail" TEXT NOT NULL,
    "evidence" JSONB,
    "remedy" TEXT,
    "paste" JSONB,
    "checked_at" TIMESTAMPTZ(6),

    CONSTRAINT "connection_checks_pkey" PRIMARY KEY ("connection_id","name")
);

-- CreateTable
CREATE TABLE "connection_sessions" (
    "connection_id" UUID NOT NULL,
    "purpose" TEXT NOT NULL,
    "generation" INTEGER NOT NULL DEFAULT 0,
    "epoch" INTEGER NOT NULL DEFAULT 0,
    "sealed_credentials" TEXT,
    "granted_seconds" INTEGER,
    "refreshed_at" TIMESTAMPTZ(6),
    "refresh_at" TIMESTAMPTZ(6),
    "expires_at" TIMESTAMPTZ(6),
    "last_used_at" TIMESTAMPTZ(6),
    "lease_owner" UUID,
    "lease_until" TIMESTAMPTZ(6),
    "failure_code" TEXT,
    "failure_message" TEXT,
    "retry_at" TIMESTAMPTZ(6),

    CONSTRAINT "connection_sessions_pkey" PRIMARY KEY ("connection_id","purpose")
);

-- CreateTable
CREATE TABLE "lanes" (
    "connection_id" UUID NOT NULL,
    "wake_at" TIMESTAMPTZ(6),
    "trouble" SMALLINT NOT NULL DEFAULT 0,
    "rest_until" TIMESTAMPTZ(6),

    CONSTRAINT "lanes_pkey" PRIMARY KEY ("connection_id")
);

-- CreateTable
CREATE TABLE "claims" (
    "id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "worker_id" UUID NOT NULL,
    "email_ids" UUID[],
    "expires_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "claims_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "emails" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "api_key_id" UUID,
    "status" TEXT NOT NULL,
    "priority" SMALLINT NOT NULL,
    "due_at" TIMESTAMPTZ(6) NOT NULL,
    "scheduled_at" TIMESTAMPTZ(6),
    "expires_at" TIMESTAMPTZ(6),
    "sender" TEXT NOT NULL,
    "addresses" JSONB NOT NULL,
    "subject" TEXT NOT NULL,
    "tags" JSONB NOT NULL,
    "recipients" SMALLINT NOT NULL,
    "payload_bytes" INTEGER NOT NULL,
    "attempts" SMALLINT NOT NULL DEFAULT 0,
    "claim_id" UUID,
    "ses_message_id" TEXT,
    "sent_at" TIMESTAMPTZ(6),
    "error_name" TEXT,
    "error_message" TEXT,
    "error_remedy" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "emails_pkey" PRIMARY KEY ("id")
) PARTITION BY RANGE ("id");

-- CreateTable
CREATE TABLE "email_contents" (
    "email_id" UUID NOT NULL,
    "payload" TEXT NOT NULL,
    "original" JSONB,

    CONSTRAINT "email_contents_pkey" PRIMARY KEY ("email_id")
) PARTITION BY RANGE ("email_id");

-- CreateTable
CREATE TABLE "attempts" (
    "email_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(6) NOT NULL,
    "outcome" TEXT NOT NULL,
    "error_name" TEXT,
    "error_message" TEXT,
    "duration_ms" INTEGER NOT NULL,

    CONSTRAINT "attempts_pkey" PRIMARY KEY ("email_id","started_at")
) PARTITION BY RANGE ("email_id");

-- CreateTable
CREATE TABLE "events" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "email_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "recipient" TEXT,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "data" JSONB,

    CONSTRAINT "events_pkey" PRIMARY KEY ("id")
) PARTITION BY RANGE ("id");

-- CreateTable
CREATE TABLE "idempotency_records" (
    "project_id" UUID NOT NULL,
    "endpoint" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" BYTEA NOT NULL,
    "response" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_records_pkey" PRIMARY KEY ("project_id","endpoint","key")
);

-- CreateTable
CREATE TABLE "audit_entries" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "project_id" UUID,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "target" TEXT,
    "data" JSONB,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "process_heartbeats" (
    "id" UUID NOT NULL,
    "service" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(6) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "process_heartbeats_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "platform_principal" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "aws_account_id" TEXT,
    "arn" TEXT,
    "trusted_arn" TEXT,
    "is_session" BOOLEAN NOT NULL DEFAULT false,
    "error_name" TEXT,
    "error_message" TEXT,
    "checked_at" TIMESTAMPTZ(6),

    CONSTRAINT "platform_principal_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "projects_organization_id_idx" ON "projects"("organization_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_token_hash_key" ON "api_keys"("token_hash");

-- CreateIndex
CREATE INDEX "api_keys_organization_id_project_id_idx" ON "api_keys"("organization_id", "project_id");

-- CreateIndex
CREATE UNIQUE INDEX "ses_accounts_aws_account_id_region_key" ON "ses_accounts"("aws_account_id", "region");

-- CreateIndex
CREATE UNIQUE INDEX "connections_external_id_key" ON "connections"("external_id");

-- CreateIndex
CREATE UNIQUE INDEX "connections_pending_external_id_key" ON "connections"("pending_external_id");

-- CreateIndex
CREATE INDEX "connections_project_id_idx" ON "connections"("project_id");

-- CreateIndex
CREATE INDEX "connections_role_arn_idx" ON "connections"("role_arn");

-- CreateIndex
CREATE INDEX "connections_next_check_at_idx" ON "connections"("next_check_at");

-- CreateIndex
CREATE INDEX "connection_sessions_refresh_at_idx" ON "connection_sessions"("refresh_at");

-- CreateIndex
CREATE INDEX "lanes_wake_at_idx" ON "lanes"("wake_at");

-- CreateIndex
CREATE INDEX "claims_expires_at_idx" ON "claims"("expires_at");

-- CreateIndex
CREATE INDEX "emails_project_id_id_idx" ON "emails"("project_id", "id" DESC);

-- CreateIndex
CREATE INDEX "events_email_id_idx" ON "events"("email_id");

-- CreateIndex
CREATE INDEX "idempotency_records_created_at_idx" ON "idempotency_records"("created_at");

-- CreateIndex
CREATE INDEX "audit_entries_organization_id_id_idx" ON "audit_entries"("organization_id", "id" DESC);

-- CreateIndex
CREATE INDEX "process_heartbeats_service_last_seen_at_idx" ON "process_heartbeats"("service", "last_seen_at");

-- AddForeignKey
ALTER TABLE "projects" ADD CONSTRAINT "projects_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connections" ADD CONSTRAINT "connections_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connections" ADD CONSTRAINT "connections_ses_account_id_fkey" FOREIGN KEY ("ses_account_id") REFERENCES "ses_accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connection_checks" ADD CONSTRAINT "connection_checks_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connection_sessions" ADD CONSTRAINT "connection_sessions_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lanes" ADD CONSTRAINT "lanes_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What a lane has to send, in the order in which it goes. Partial: finished mail costs the index nothing.
CREATE INDEX "emails_due_idx" ON "emails" ("connection_id", "priority", "due_at") WHERE "status" IN ('queued', 'scheduled');

-- Mail at rest in a final state that a person may want to look at (dead letters).
CREATE INDEX "emails_failed_idx" ON "emails" ("project_id", "id" DESC) WHERE "status" IN ('failed', 'uncertain', 'expired');

-- The ticker asks only for rows that have a time set.
DROP INDEX "lanes_wake_at_idx";
CREATE INDEX "lanes_wake_at_idx" ON "lanes" ("wake_at") WHERE "wake_at" IS NOT NULL;
DROP INDEX "connections_next_check_at_idx";
CREATE INDEX "connections_next_check_at_idx" ON "connections" ("next_check_at") WHERE "next_check_at" IS NOT NULL;

-- Rows that are updated all the time keep room for the next version beside the old one.
ALTER TABLE "lanes" SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);
ALTER TABLE "ses_accounts" SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 100);
ALTER TABLE "claims" SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);

ALTER TABLE "connections" ADD CONSTRAINT "connections_status_check" CHECK ("status" IN ('awaiting_role', 'verifying', 'active', 'rejected', 'degraded', 'broken', 'paused', 'disconnected'));
ALTER TABLE "connections" ADD CONSTRAINT "connections_session_seconds_check" CHECK ("requested_session_seconds" BETWEEN 900 AND 43200);
ALTER TABLE "connections" ADD CONSTRAINT "connections_capacity_share_check" CHECK ("capacity_share" > 0 AND "capacity_share" <= 1);
ALTER TABLE "emails" ADD CONSTRAINT "emails_status_check" CHECK ("status" IN ('scheduled', 'queued', 'sending', 'sent', 'delivered', 'delivery_delayed', 'bounced', 'complained', 'suppressed', 'failed', 'canceled', 'expired', 'uncertain'));
ALTER TABLE "projects" ADD CONSTRAINT "projects_weight_check" CHECK ("weight" BETWEEN 1 AND 10);
ALTER TABLE "projects" ADD CONSTRAINT "projects_delivery_check" CHECK ("delivery" IN ('at_least_once', 'at_most_once'));
