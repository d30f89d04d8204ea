# The role that Sesame itself runs as, and nothing else: it may assume the roles that customers connected, and has no other right.
#
# Customers' trust policies name this role. IAM stores its unique id there: a role that is deleted and made again, even under
# the same name, locks every customer out. Hence `prevent_destroy`, and a name that never changes.

data "aws_partition" "current" {}

data "aws_caller_identity" "current" {}

locals {
  own_roles = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:role/*"

  connected_roles = [
    for pattern in var.connected_role_names :
    "arn:${data.aws_partition.current.partition}:iam::*:role/${pattern}"
  ]
}

resource "aws_iam_role" "sesame" {
  name                 = var.role_name
  description          = "Sesame's workers: assume customers' SES roles, nothing else"
  assume_role_policy   = var.trust_policy
  max_session_duration = var.max_session_duration

  lifecycle {
    prevent_destroy = true
  }
}

data "aws_iam_policy_document" "assume_connected_roles" {
  # Without an external ID this role assumes nothing, save by mistake of a customer whom the prover then refuses: the prover's
  # own call without an external ID (check `refuse_without_external_id`) needs the right to try.
  statement {
    sid       = "AssumeConnectedRoles"
    effect    = "Allow"
    actions   = ["sts:AssumeRole"]
    resources = local.connected_roles
  }

  # A customer who pastes one of our own role ARNs gets nowhere, whatever that role trusts.
  statement {
    sid       = "NeverOurOwnRoles"
    effect    = "Deny"
    actions   = ["sts:AssumeRole"]
    resources = [local.own_roles]
  }

  # A right added by accident to the role stays without effect.
  statement {
    sid         = "NothingElse"
    effect      = "Deny"
    not_actions = ["sts:AssumeRole", "sts:GetCallerIdentity"]
    resources   = ["*"]
  }
}

resource "aws_iam_role_policy" "assume_connected_roles" {
  name   = "assume-connected-roles"
  role   = aws_iam_role.sesame.id
  policy = data.aws_iam_policy_document.assume_connected_roles.json
}
