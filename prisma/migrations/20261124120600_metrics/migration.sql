-- CreateTable
CREATE TABLE "metric_deltas" (
    "id" BIGSERIAL NOT NULL,
    "project_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "domain" TEXT NOT NULL,
    "tag_name" TEXT NOT NULL DEFAULT '',
    "tag_value" TEXT NOT NULL DEFAULT '',
    "hour" TIMESTAMPTZ(6) NOT NULL,
    "metric" TEXT NOT NULL,
    "bucket" SMALLINT NOT NULL DEFAULT 0,
    "value" BIGINT NOT NULL,

    CONSTRAINT "metric_deltas_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "metric_hours" (
    "project_id" UUID NOT NULL,
    "tag_name" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(6) NOT NULL,
    "connection_id" UUID NOT NULL,
    "domain" TEXT NOT NULL,
    "tag_value" TEXT NOT NULL,
    "metric" TEXT NOT NULL,
    "bucket" SMALLINT NOT NULL,
    "value" BIGINT NOT NULL,

    CONSTRAINT "metric_hours_pkey" PRIMARY KEY ("project_id","tag_name","hour","connection_id","domain","tag_value","metric","bucket")
);

-- CreateTable
CREATE TABLE "metric_days" (
    "project_id" UUID NOT NULL,
    "tag_name" TEXT NOT NULL,
    "day" TIMESTAMPTZ(6) NOT NULL,
    "connection_id" UUID NOT NULL,
    "domain" TEXT NOT NULL,
    "tag_value" TEXT NOT NULL,
    "metric" TEXT NOT NULL,
    "bucket" SMALLINT NOT NULL,
    "value" BIGINT NOT NULL,

    CONSTRAINT "metric_days_pkey" PRIMARY KEY ("project_id","tag_name","day","connection_id","domain","tag_value","metric","bucket")
);

-- CreateTable
CREATE TABLE "metric_tags" (
    "project_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "used_on" DATE NOT NULL,

    CONSTRAINT "metric_tags_pkey" PRIMARY KEY ("project_id","name","value")
);

-- CreateIndex
CREATE INDEX "metric_deltas_project_id_hour_idx" ON "metric_deltas"("project_id", "hour");

-- Old hours and tags are found by their age. The hours come nearly in that order, so a few blocks tell it.
CREATE INDEX "metric_hours_hour_idx" ON "metric_hours" USING BRIN ("hour") WITH (pages_per_range = 32, autosummarize = on);

-- Deltas come and go within minutes: what is dead is swept soon. Hours and days are added to where they stand.
ALTER TABLE "metric_deltas" SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
ALTER TABLE "metric_hours" SET (fillfactor = 70);
ALTER TABLE "metric_days" SET (fillfactor = 70);
