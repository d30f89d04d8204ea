# Workers on ECS or Fargate: the task role (not the execution role) is the platform principal. Chained sessions: 3600 seconds.
# The API and SMTP services get no task role at all.

data "aws_caller_identity" "current" {}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }

    # Only tasks of this account (confused deputy of the service itself).
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

module "sesame" {
  source       = "../../platform"
  trust_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_ecs_task_definition" "worker" {
  family                   = "sesame-worker"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 1024
  task_role_arn            = module.sesame.role_arn
  execution_role_arn       = var.execution_role_arn

  container_definitions = jsonencode([{
    name        = "worker"
    image       = var.image
    essential   = true
    command     = ["node", "dist/apps/worker/src/main.js"]
    stopTimeout = 60
    environment = [{ name = "AWS_REGION", value = var.region }, { name = "NODE_ENV", value = "production" }]
    secrets     = [for name, arn in var.secrets : { name = name, valueFrom = arn }]
  }])
}

variable "image" {
  description = "The image of deploy/docker."
  type        = string
}

variable "execution_role_arn" {
  description = "Pulls the image and reads the secrets."
  type        = string
}

variable "region" {
  type = string
}

variable "secrets" {
  description = "DATABASE_URL, REDIS_URL and SESAME_KEYS as ARNs of Secrets Manager or Parameter Store."
  type        = map(string)
}

output "role_arn" {
  value = module.sesame.role_arn
}
