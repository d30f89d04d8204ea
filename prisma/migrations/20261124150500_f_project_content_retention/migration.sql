-- How long a project keeps the content of mail that is finished (null: as long as the emails), and how far it was forgotten.
ALTER TABLE "projects" ADD COLUMN "content_retention_days" SMALLINT;
ALTER TABLE "projects" ADD COLUMN "content_forgotten_to" UUID;
ALTER TABLE "projects" ADD CONSTRAINT "projects_content_retention_days_check" CHECK ("content_retention_days" BETWEEN 1 AND 3650);
