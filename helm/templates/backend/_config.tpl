{{/* Data of the backend's ConfigMap; here because its checksum is taken as well. */}}
{{- define "tasks.backend.config" -}}
PORT: {{ int .Values.backend.containerPort | quote }}
DATABASE_PATH: /data/tasks.db
LOG_LEVEL: {{ .Values.backend.config.logLevel }}
SHUTDOWN_TIMEOUT_MS: {{ int .Values.backend.config.shutdownTimeoutMs | quote }}
{{- with .Values.backend.config.message }}
APP_MESSAGE: {{ . | quote }}
{{- end }}
{{- end -}}

{{/* A timeout the kubelet cuts short would never be seen: requests would just break off. */}}
{{- define "tasks.backend.checkShutdown" -}}
{{- $grace := int .Values.backend.terminationGracePeriodSeconds -}}
{{- if ge (int .Values.backend.config.shutdownTimeoutMs) (mul $grace 1000 | int) -}}
{{- fail (printf "backend.config.shutdownTimeoutMs has to be less than backend.terminationGracePeriodSeconds (%d s)" $grace) -}}
{{- end -}}
{{- end -}}
