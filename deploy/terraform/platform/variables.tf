variable "role_name" {
  description = "Name of the role that Sesame's workers run as. Choose once: customers' trust policies name it."
  type        = string
  default     = "sesame-platform"

  validation {
    condition     = can(regex("^[\\w+=,.@-]{1,64}$", var.role_name))
    error_message = "An IAM role name has 1-64 characters of letters, digits and +=,.@_-"
  }
}

variable "trust_policy" {
  description = "Who may take this role, as JSON: EC2, ECS tasks, or a Kubernetes service account (see the examples)."
  type        = string
}

variable "connected_role_names" {
  description = "Name patterns of the roles that customers connect. The kit proposes sesame-ses-<end of the connection's id>; `*` lets customers choose any name."
  type        = list(string)
  default     = ["*"]
}

variable "max_session_duration" {
  description = "Seconds that a session of this role itself may last (3600-43200). It does not lift the cap on chained sessions."
  type        = number
  default     = 3600

  validation {
    condition     = var.max_session_duration >= 3600 && var.max_session_duration <= 43200
    error_message = "AWS takes 3600 to 43200 seconds."
  }
}
