# Workers on EKS by Pod Identity. By default it puts six transitive tags on every session: each customer's trust policy would then
# have to allow sts:TagSession, and cluster and pod names would stand in the customers' CloudTrail. So session tags are off here.

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
      # disable_session_tags came with AWS's cross-account Pod Identity of June 2025.
      version = ">= 6.2"
    }
  }
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole", "sts:TagSession"]

    principals {
      type        = "Service"
      identifiers = ["pods.eks.amazonaws.com"]
    }
  }
}

module "sesame" {
  source       = "../../platform"
  trust_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_eks_pod_identity_association" "worker" {
  cluster_name         = var.cluster_name
  namespace            = var.namespace
  service_account      = var.service_account
  role_arn             = module.sesame.role_arn
  disable_session_tags = true
}

variable "cluster_name" {
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
