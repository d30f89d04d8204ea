output "role_arn" {
  description = "What customers' trust policies name; Sesame finds it out by itself (sts:GetCallerIdentity)."
  value       = aws_iam_role.sesame.arn
}

output "role_name" {
  value = aws_iam_role.sesame.name
}
