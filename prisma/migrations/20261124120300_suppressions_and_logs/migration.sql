-- CreateTable
CREATE TABLE "suppressions" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "source_id" UUID,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "suppressions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "request_logs" (
    "project_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "api_key_id" UUID,
    "method" TEXT NOT NULL,
    "endpoint" TEXT NOT NULL,
    "response_status" SMALLINT NOT NULL,
    "user_agent" TEXT,
    "request_body" TEXT,
    "response_body" TEXT,

    CONSTRAINT "request_logs_pkey" PRIMARY KEY ("project_id","id")
) PARTITION BY RANGE ("id");

-- CreateIndex
CREATE UNIQUE INDEX "suppressions_project_id_email_key" ON "suppressions"("project_id", "email");

-- CreateIndex
CREATE INDEX "suppressions_project_id_id_idx" ON "suppressions"("project_id", "id" DESC);

-- AddForeignKey
ALTER TABLE "suppressions" ADD CONSTRAINT "suppressions_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "suppressions" ADD CONSTRAINT "suppressions_origin_check" CHECK ("origin" IN ('bounce', 'complaint', 'manual'));

-- What the machine writes by itself may be forgotten after a while, what people did stays.
CREATE INDEX "audit_entries_sessions_idx" ON "audit_entries" ("id") WHERE "action" LIKE 'session.%';
