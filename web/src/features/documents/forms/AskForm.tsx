import { Button, Group, Select, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan, useMe } from "../../../api/me";
import { writeJson } from "../../../api/transport";
import { FormShell } from "../../../ui/FormShell";
import { type Job, JobProgress } from "../../../ui/JobProgress";
import { RemoteSelect } from "../../../ui/RemoteSelect";
import { useSaved } from "../../../ui/useSaved";
import { WhatStands } from "../../../ui/WhatStands";
import { DOCUMENTS, type Enqueued, LANGUAGES, readinessUrl } from "../queries";

type Values = { student_id: number | null; email: string; language: string; new: boolean };
type Props = {
  /** The learner, where the page says who it is. */
  person?: number;
  isNew?: boolean;
  onIssued: (document: number) => void;
  onClose: () => void;
};

/** Asks for a transcript and follows it until it is there. What is missing stands in the refusal. */
export function AskForm({ person, isNew = false, onIssued, onClose }: Props) {
  const { t } = useTranslation();
  const can = useCan();
  const me = useMe();
  const saved = useSaved(DOCUMENTS);
  const isLearner = can("enrollment.self");
  const [job, setJob] = useState<number | null>(null);
  const form = useForm<Values>({
    initialValues: { student_id: null, email: "", language: "en", new: isNew },
    validate: {
      student_id: (value) => (isLearner || person || value ? null : t("documents.learnerNeeded")),
    },
  });
  const done = async ({ status, result }: Job) => {
    await saved();
    const found = (result as { document?: number } | null)?.document;
    if (status === "succeeded" && found) onIssued(found);
  };
  if (job !== null) {
    return (
      <Stack gap="md">
        <Text size="sm">{t("documents.preparing")}</Text>
        <JobProgress jobId={job} onDone={(ended) => void done(ended)} />
        <Group>
          <Button variant="default" onClick={onClose}>
            {t("ui.close")}
          </Button>
        </Group>
      </Stack>
    );
  }
  const whose = person ?? (isLearner ? me.person?.id : undefined);
  return (
    <FormShell
      form={form}
      guard={false}
      submitLabel={t("documents.order")}
      pointers={{ "/student_id": "student_id", "/email": "email" }}
      onSubmit={({ student_id, email, ...rest }, { idempotencyKey }) =>
        writeJson<Enqueued>(
          "POST",
          `${DOCUMENTS}enqueue/`,
          { ...rest, email: email || null, ...(whose ? { person_id: whose } : { student_id }) },
          { idempotencyKey },
        )
      }
      onDone={({ job_id }) => setJob(job_id)}
    >
      {!isLearner && !person && (
        <RemoteSelect
          path="/api/v1/academics/students/"
          label={t("documents.fields.learner")}
          required
          option={(row) => ({ value: row.id, label: `${row.name} · ${row.reg_no}` })}
          chosenLabel={null}
          value={form.values.student_id}
          error={form.errors.student_id}
          onChange={(value) => form.setFieldValue("student_id", value)}
        />
      )}
      <WhatStands url={readinessUrl(form.values.student_id, "transcript")} />
      <Select
        label={t("documents.fields.language")}
        allowDeselect={false}
        data={LANGUAGES.map((value) => ({ value, label: t(`documents.languages.${value}`) }))}
        {...form.getInputProps("language")}
      />
      <TextInput
        label={t("documents.fields.email")}
        description={can("document.send_elsewhere") ? t("documents.emailAny") : t("documents.emailOwn")}
        type="email"
        dir="ltr"
        maxLength={254}
        {...form.getInputProps("email")}
      />
      <Switch
        label={t("documents.fields.new")}
        description={t("documents.newHint")}
        {...form.getInputProps("new", { type: "checkbox" })}
      />
    </FormShell>
  );
}
