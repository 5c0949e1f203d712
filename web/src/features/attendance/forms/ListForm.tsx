import { Text, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { writeJson } from "../../../api/transport";
import { AudiencePicker } from "../../../ui/audience/AudiencePicker";
import { type Audience, namedOf } from "../../../ui/audience/audience";
import { DateField } from "../../../ui/DateField";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { useFormat } from "../../../ui/format";
import { RemoteMultiSelect } from "../../../ui/RemoteMultiSelect";
import { RemoteSelect } from "../../../ui/RemoteSelect";
import { useSaved } from "../../../ui/useSaved";
import type { Known } from "../names";
import { type EligibilityList, LISTS, listUrl } from "../queries";

type Values = {
  title: string;
  first_day: string | null;
  last_day: string | null;
  courses: number[];
  sections: number[];
  departments: number[];
  audience: Audience;
  exam: number | null;
};

type Props = {
  /** The draft that is changed; without it one is drawn up. */
  list?: EligibilityList;
  /** What the chosen courses, sections and departments are called. */
  names?: { courses: Known[]; sections: Known[]; departments: Known[] };
  onDone: (made: EligibilityList) => unknown;
  onReload?: () => unknown;
};

const coded = (row: { id: number; code: string; name: string }) => ({
  id: row.id,
  name: `${row.code} · ${row.name}`,
});

/** What the list of an exam names as its owner. */
const EXAM = "exam";

/** Whom a list is about, and which sessions it counts. */
export function ListForm({ list, names, onDone, onReload }: Props) {
  const { t } = useTranslation();
  const can = useCan();
  const { date } = useFormat();
  const saved = useSaved(LISTS);
  const needed = t("attendance.lists.needed");
  const form = useForm<Values>({
    initialValues: {
      title: list?.title ?? "",
      first_day: list?.first_day ?? null,
      last_day: list?.last_day ?? null,
      courses: list?.courses ?? [],
      sections: list?.sections ?? [],
      departments: list?.departments ?? [],
      audience: list?.audience ?? [[]],
      exam: null,
    },
    validate: {
      title: isNotEmpty(needed),
      first_day: isNotEmpty(needed),
      last_day: isNotEmpty(needed),
      audience: (value) => (namedOf(value).length > 0 ? null : t("attendance.lists.audienceNeeded")),
    },
  });
  const { audience: audienceFault } = form.errors;
  return (
    <FormShell
      form={form}
      submitLabel={list ? t("ui.save") : t("attendance.lists.draw")}
      pointers={{ "/owner_id": "exam", "/owner_kind": "exam" }}
      onSubmit={({ exam, ...values }, { idempotencyKey }) => {
        const owner = exam === null ? {} : { owner_kind: EXAM, owner_id: exam };
        const audience = namedOf(values.audience);
        const body = { ...values, ...owner, title: values.title.trim(), audience };
        return list
          ? writeJson<EligibilityList>("PATCH", listUrl(list.id), body, { ifMatch: list.version })
          : writeJson<EligibilityList>("POST", LISTS, body, { idempotencyKey });
      }}
      onDone={async (made) => {
        await saved();
        await onDone(made);
      }}
      {...(onReload ? { onReload } : {})}
    >
      <TextInput
        data-autofocus
        required
        dir="auto"
        maxLength={200}
        label={t("attendance.lists.name")}
        description={t("attendance.lists.nameHint")}
        {...form.getInputProps("title")}
      />
      {!list && can("exam.view") && (
        <RemoteSelect
          path="/api/v1/assessment/exams/"
          label={t("attendance.lists.exam")}
          description={t("attendance.lists.examHint")}
          option={(row) => ({ value: row.id, label: `${row.title} · ${date(row.scheduled_at)}` })}
          value={form.values.exam}
          error={form.errors.exam}
          onChange={(exam, row) => {
            form.setFieldValue("exam", exam);
            if (row && !form.values.title.trim()) form.setFieldValue("title", row.title);
          }}
        />
      )}
      <AudiencePicker
        label={t("attendance.lists.whom")}
        hint={t("attendance.lists.whomHint")}
        value={form.values.audience}
        error={audienceFault}
        onChange={(audience) => {
          form.setFieldValue("audience", audience);
          form.clearFieldError("audience");
        }}
      />
      <FieldGrid>
        <DateField required label={t("attendance.lists.firstDay")} {...form.getInputProps("first_day")} />
        <DateField required label={t("attendance.lists.lastDay")} {...form.getInputProps("last_day")} />
      </FieldGrid>
      <Text size="sm" c="dimmed">
        {t("attendance.lists.narrowHint")}
      </Text>
      <FieldGrid>
        <RemoteMultiSelect
          path="/api/v1/academics/courses/"
          label={t("attendance.lists.courses")}
          option={coded}
          known={names?.courses ?? []}
          value={form.values.courses}
          onChange={(ids) => form.setFieldValue("courses", ids)}
          error={form.errors.courses}
        />
        <RemoteMultiSelect
          path="/api/v1/academics/sections/"
          label={t("attendance.lists.sections")}
          option={(row) => ({ id: row.id, name: `${row.course_name} · ${row.name}` })}
          known={names?.sections ?? []}
          value={form.values.sections}
          onChange={(ids) => form.setFieldValue("sections", ids)}
          error={form.errors.sections}
        />
        <RemoteMultiSelect
          path="/api/v1/directory/departments/"
          label={t("attendance.lists.departments")}
          option={coded}
          known={names?.departments ?? []}
          value={form.values.departments}
          onChange={(ids) => form.setFieldValue("departments", ids)}
          error={form.errors.departments}
        />
      </FieldGrid>
    </FormShell>
  );
}
