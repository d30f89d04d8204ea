# Workers on EC2: an instance profile. AWS says that roles of EC2 applications are not subject to the one-hour cap on chained
# sessions; reports differ. Sesame asks for what the customer wants and steps down when STS says so.

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

module "sesame" {
  source       = "../../platform"
  trust_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_instance_profile" "sesame" {
  name = module.sesame.role_name
  role = module.sesame.role_name
}

# Metadata only with a token and only from the instance itself: Sesame fetches URLs that customers give (attachments, webhooks).
# Its guarded client refuses 169.254.169.254; this is the second lock.
resource "aws_launch_template" "worker" {
  name_prefix   = "sesame-worker-"
  image_id      = var.image_id
  instance_type = var.instance_type

  iam_instance_profile {
    arn = aws_iam_instance_profile.sesame.arn
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }
}

variable "image_id" {
  description = "AMI with Node.js and Sesame."
  type        = string
}

variable "instance_type" {
  type    = string
  default = "t4g.small"
}

output "role_arn" {
  value = module.sesame.role_arn
}
