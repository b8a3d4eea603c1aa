{{/* Data of the frontend's ConfigMap; here because its checksum is taken as well. */}}
{{- define "tasks.frontend.config" -}}
PORT: {{ int .Values.frontend.containerPort | quote }}
{{- /* Next's standalone server binds to HOSTNAME, which would be the pod's name otherwise. */}}
HOSTNAME: 0.0.0.0
BACKEND_URL: http://{{ include "tasks.fullname" . }}-backend:{{ int .Values.backend.service.port }}
NEXT_TELEMETRY_DISABLED: '1'
{{- end -}}
