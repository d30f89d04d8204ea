# Workers on EKS by IRSA: the service account of the workers, and no other, takes the role. Chained sessions: 3600 seconds.
# kubectl annotate serviceaccount sesame-worker eks.amazonaws.com/role-arn=<role_arn>

data "aws_iam_openid_connect_provider" "cluster" {
  arn = var.oidc_provider_arn
}

locals {
  issuer = replace(data.aws_iam_openid_connect_provider.cluster.url, "https://", "")
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [var.oidc_provider_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:sub"
      values   = ["system:serviceaccount:${var.namespace}:${var.service_account}"]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }
  }
}

module "sesame" {
  source       = "../../platform"
  trust_policy = data.aws_iam_policy_document.trust.json
}

variable "oidc_provider_arn" {
  type = string
}

variable "namespace" {
  type    = string
  default = "sesame"
}

variable "service_account" {
  type    = string
  default = "sesame-worker"
}

output "role_arn" {
  value = module.sesame.role_arn
}
