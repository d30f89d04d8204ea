-- Keys of an organization have a role and a maker, a key of a project has neither.
ALTER TABLE "api_keys" ADD COLUMN "role" TEXT;

ALTER TABLE "api_keys" ADD COLUMN "created_by" UUID;

-- Those from before managed everything.
UPDATE "api_keys" SET "role" = 'admin' WHERE "project_id" IS NULL;

-- The row stays for the audit log, which is never deleted.
ALTER TABLE "organizations" ADD COLUMN "deleted_at" TIMESTAMPTZ(6);
