import { Select, Textarea, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listQuery } from "../../../api/lists";
import { useCan } from "../../../api/me";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { RemoteSelect } from "../../../ui/RemoteSelect";
import { useSaved } from "../../../ui/useSaved";
import { WhatStands } from "../../../ui/WhatStands";
import { Uploads } from "../parts/Uploads";
import { openTypes, PRIORITIES, REQUESTS, type Request, readinessUrl, TYPES, type Upload } from "../queries";

type Values = {
  type: string | null;
  title: string;
  description: string;
  priority: string;
  student: number | null;
  attachments: Upload[];
};

/** One's own request; staff may name the student whom it concerns. */
export function AskForm({ onDone }: { onDone: (request: Request) => unknown }) {
  const { t } = useTranslation();
  const label = useLabel();
  const can = useCan();
  const saved = useSaved(REQUESTS);
  const { data } = useSuspenseQuery(listQuery(TYPES, openTypes));
  const demands = (type: string | null) =>
    data.results.some(({ id, requires_attachment }) => String(id) === type && requires_attachment);
  const form = useForm<Values>({
    initialValues: {
      type: null,
      title: "",
      description: "",
      priority: "medium",
      student: null,
      attachments: [],
    },
    validate: {
      type: isNotEmpty(t("requests.needed")),
      title: isNotEmpty(t("requests.needed")),
      attachments: (value, { type }) =>
        demands(type) && value.length === 0 ? t("requests.papers.needed") : null,
    },
  });
  const isDemanding = demands(form.values.type);
  return (
    <FormShell
      form={form}
      submitLabel={t("requests.submit")}
      onSubmit={({ type, attachments, ...values }, { idempotencyKey }) =>
        writeJson<Request>(
          "POST",
          REQUESTS,
          { ...values, type: Number(type), attachments: attachments.map(({ id }) => id) },
          { idempotencyKey },
        )
      }
      onDone={async (request) => {
        await saved();
        await onDone(request);
      }}
    >
      <FieldGrid>
        <Select
          label={t("requests.fields.type")}
          required
          searchable
          data={data.results.map(({ id, name }) => ({ value: String(id), label: name }))}
          {...form.getInputProps("type")}
        />
        <Select
          label={t("requests.fields.priority")}
          allowDeselect={false}
          data={PRIORITIES.map((value) => ({ value, label: label("ui.priority", value) }))}
          {...form.getInputProps("priority")}
        />
        {can("student.view") && !can("enrollment.self") && (
          <RemoteSelect
            path="/api/v1/academics/students/"
            label={t("requests.fields.student")}
            description={t("requests.studentHint")}
            option={(row) => ({ value: row.id, label: `${row.reg_no} · ${row.name}` })}
            value={form.values.student}
            onChange={(student) => form.setFieldValue("student", student)}
            error={form.errors.student}
          />
        )}
      </FieldGrid>
      <TextInput
        label={t("requests.fields.title")}
        required
        dir="auto"
        maxLength={200}
        {...form.getInputProps("title")}
      />
      <Textarea
        label={t("requests.fields.description")}
        dir="auto"
        autosize
        minRows={4}
        maxLength={5000}
        {...form.getInputProps("description")}
      />
      <Uploads
        value={form.values.attachments}
        onChange={(change) => form.setFieldValue("attachments", change)}
        required={isDemanding}
        error={form.errors.attachments}
      />
      <WhatStands url={readinessUrl(form.values.type, form.values.student)} />
    </FormShell>
  );
}
