-- CreateTable
CREATE TABLE "domains" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'not_started',
    "return_path" TEXT NOT NULL DEFAULT 'send',
    "sending" BOOLEAN NOT NULL DEFAULT true,
    "receiving" BOOLEAN NOT NULL DEFAULT false,
    "open_tracking" BOOLEAN NOT NULL DEFAULT false,
    "click_tracking" BOOLEAN NOT NULL DEFAULT false,
    "tracking_subdomain" TEXT,
    "tls" TEXT NOT NULL DEFAULT 'opportunistic',
    "ownership" TEXT,
    "identity" JSONB,
    "sightings" JSONB NOT NULL DEFAULT '{}',
    "problem" JSONB,
    "verifying_since" TIMESTAMPTZ(6) NOT NULL,
    "verified_at" TIMESTAMPTZ(6),
    "followed_at" TIMESTAMPTZ(6),
    "next_check_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(6),

    CONSTRAINT "domains_pkey" PRIMARY KEY ("id")
);

-- A name may be added again while its predecessor is still being taken out of SES
CREATE UNIQUE INDEX "domains_project_id_name_key" ON "domains" ("project_id", "name") WHERE "deleted_at" IS NULL;

-- CreateIndex
CREATE INDEX "domains_connection_id_idx" ON "domains"("connection_id");

-- CreateIndex
CREATE INDEX "domains_name_idx" ON "domains"("name");

-- For the ticker
CREATE INDEX "domains_next_check_at_idx" ON "domains" ("next_check_at") WHERE "next_check_at" IS NOT NULL;

-- AddForeignKey
ALTER TABLE "domains" ADD CONSTRAINT "domains_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "domains" ADD CONSTRAINT "domains_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
