import { NumberInput, SegmentedControl, Select } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { DateField } from "../../../ui/DateField";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { CourseSelect, ProgramSelect } from "../../../ui/references";
import { useSaved } from "../../../ui/useSaved";
import { Example } from "../parts/Example";
import { type Terms, termsOf, USUAL, written } from "../policyTerms";
import { EXCUSING, POLICIES, type Policy, policyUrl } from "../queries";

type Values = Terms & { scope: string; effective_from: string | null };
type Props = {
  /** The draft that is changed; without it the next version of a scope is drafted. */
  policy?: Policy;
  onDone: (made: Policy) => unknown;
  onReload?: () => unknown;
};

/** What a version says, tried on somebody as it is written. */
export function PolicyForm({ policy, onDone, onReload }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const saved = useSaved(POLICIES);
  const needed = t("attendance.lists.needed");
  const form = useForm<Values>({
    initialValues: {
      ...(policy ? termsOf(policy) : USUAL),
      scope: policy?.scope ?? "institution",
      effective_from: policy?.effective_from ?? null,
    },
    validate: {
      scope: (value) => (value.endsWith(":") ? t("attendance.policies.scopeNeeded") : null),
      effective_from: isNotEmpty(needed),
      threshold: isNotEmpty(needed),
      late_weight: isNotEmpty(needed),
      near_margin: isNotEmpty(needed),
      condonation_max_points: isNotEmpty(needed),
      condonations_per_period: isNotEmpty(needed),
      check_in_opens_minutes: isNotEmpty(needed),
      late_after_minutes: isNotEmpty(needed),
    },
  });
  const percent = { min: 0, max: 100, decimalScale: 2, suffix: " %" } as const;
  const minutes = { min: 0, max: 720, allowDecimal: false } as const;
  return (
    <FormShell
      form={form}
      submitLabel={policy ? t("ui.save") : t("attendance.policies.draft")}
      onSubmit={({ scope, effective_from, ...terms }, { idempotencyKey }) => {
        const body = { ...written(terms), effective_from };
        return policy
          ? writeJson<Policy>("PATCH", policyUrl(policy.id), body, { ifMatch: policy.version })
          : writeJson<Policy>("POST", POLICIES, { ...body, scope }, { idempotencyKey });
      }}
      onDone={async (made) => {
        await saved();
        await onDone(made);
      }}
      {...(onReload ? { onReload } : {})}
    >
      {!policy && (
        <ScopeField
          value={form.values.scope}
          error={form.errors.scope}
          onChange={(scope) => {
            form.setFieldValue("scope", scope);
            form.clearFieldError("scope");
          }}
        />
      )}
      <FieldGrid>
        <DateField
          required
          label={t("attendance.policies.from")}
          description={t("attendance.policies.fromHint")}
          {...form.getInputProps("effective_from")}
        />
        <NumberInput
          required
          {...percent}
          label={t("attendance.standings.threshold")}
          description={t("attendance.policies.thresholdHint")}
          {...form.getInputProps("threshold")}
        />
        <NumberInput
          required
          min={0}
          max={1}
          step={0.25}
          decimalScale={2}
          label={t("attendance.policies.lateWeight")}
          description={t("attendance.policies.lateWeightHint")}
          {...form.getInputProps("late_weight")}
        />
        <Select
          required
          allowDeselect={false}
          label={t("attendance.policies.excused")}
          description={label("attendance.policies.excusingHint", form.values.excused)}
          data={EXCUSING.map((value) => ({ value, label: label("attendance.policies.excusing", value) }))}
          {...form.getInputProps("excused")}
        />
        <NumberInput
          required
          {...percent}
          suffix=""
          label={t("attendance.policies.nearMargin")}
          description={t("attendance.policies.nearMarginHint")}
          {...form.getInputProps("near_margin")}
        />
        <NumberInput
          required
          {...percent}
          suffix=""
          label={t("attendance.policies.maxPoints")}
          description={t("attendance.policies.maxPointsHint")}
          {...form.getInputProps("condonation_max_points")}
        />
        <NumberInput
          required
          min={0}
          max={100}
          allowDecimal={false}
          label={t("attendance.policies.perPeriod")}
          description={t("attendance.policies.perPeriodHint")}
          {...form.getInputProps("condonations_per_period")}
        />
        <NumberInput
          required
          {...minutes}
          label={t("attendance.policies.opens")}
          description={t("attendance.policies.opensHint")}
          {...form.getInputProps("check_in_opens_minutes")}
        />
        <NumberInput
          required
          {...minutes}
          label={t("attendance.policies.lateAfter")}
          description={t("attendance.policies.lateAfterHint")}
          {...form.getInputProps("late_after_minutes")}
        />
      </FieldGrid>
      <Example terms={form.values} />
    </FormShell>
  );
}

type ScopeProps = { value: string; error: ReactNode; onChange: (scope: string) => void };

function ScopeField({ value, error, onChange }: ScopeProps) {
  const { t } = useTranslation();
  const [noun, id = ""] = value.split(":");
  const [kind, setKind] = useState(noun ?? "institution");
  const props = {
    required: true,
    error,
    value: id ? Number(id) : null,
    onChange: (next: number | null) => onChange(`${kind}:${next ?? ""}`),
  };
  return (
    <>
      <SegmentedControl
        aria-label={t("attendance.policies.scope")}
        value={kind}
        data={[
          { value: "institution", label: t("attendance.policies.everywhere") },
          { value: "program", label: t("attendance.policies.program") },
          { value: "course", label: t("attendance.mine.course") },
        ]}
        onChange={(next) => {
          setKind(next);
          onChange(next === "institution" ? next : `${next}:`);
        }}
      />
      {kind === "program" && <ProgramSelect label={t("attendance.policies.program")} {...props} />}
      {kind === "course" && <CourseSelect label={t("attendance.mine.course")} {...props} />}
    </>
  );
}
