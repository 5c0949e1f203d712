import { Alert, Anchor, Group, Stack, Text, Title } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { FilledIn } from "../../../ui/application/FilledIn";
import { type FieldName, PART_NAMES, type Values } from "../../../ui/application/fields";
import { Notice } from "../../../ui/Notice";
import { missingPapers, type Step } from "../draft";
import type { Own } from "../queries";
import type { Papers } from "../usePapers";
import { PaperList } from "./PaperList";

type Props = {
  token: string;
  record: Own;
  form: UseFormReturnType<Values>;
  missing: FieldName[];
  papers: Papers;
  onPick: (field: FieldName) => void;
  onStep: (step: Step) => void;
};

/** Everything once more, what is missing first. */
export function ReviewStep({ token, record, form, missing, papers, onPick, onStep }: Props) {
  const { t } = useTranslation();
  const labelOf = useLabel();
  const values = form.getValues();
  const lacking = missingPapers(record.moves);
  return (
    <Stack gap="lg">
      {missing.length > 0 && (
        <Alert color="saffron" variant="light" title={t("apply.review.missing", { count: missing.length })}>
          <Stack gap={4} align="flex-start">
            {missing.map((field) => (
              <Anchor
                key={field}
                component="button"
                type="button"
                size="sm"
                c="inherit"
                ta="start"
                underline="always"
                mih={24}
                onClick={() => onPick(field)}
              >
                {labelOf("application.fields", field)}
              </Anchor>
            ))}
          </Stack>
        </Alert>
      )}
      {lacking.length > 0 && (
        <Notice tone="wait">
          {t("apply.review.papersMissing")}{" "}
          {lacking.map((kind) => labelOf("application.paper", kind)).join(" · ")}{" "}
          <Anchor component="button" type="button" size="sm" onClick={() => onStep("papers")}>
            {t("apply.review.addPapers")}
          </Anchor>
        </Notice>
      )}
      {PART_NAMES.map((part) => (
        <section key={part} aria-labelledby={`review-${part}`}>
          <Group justify="space-between" mb={6}>
            <Title order={3} size="h5" id={`review-${part}`}>
              {t(`apply.step.${part}`)}
            </Title>
            <Anchor component="button" type="button" size="sm" onClick={() => onStep(part)}>
              {t("ui.edit")}
              <span className="visually-hidden">: {t(`apply.step.${part}`)}</span>
            </Anchor>
          </Group>
          <FilledIn part={part} values={values} missing={missing} />
        </section>
      ))}
      <section aria-labelledby="review-papers">
        <Title order={3} size="h5" id="review-papers" mb={6}>
          {t("apply.step.papers")}
        </Title>
        <PaperList token={token} papers={record.papers} />
      </section>
      {papers.isBusy && (
        <Notice tone="wait" role="status">
          {t("apply.review.papersMoving")}
        </Notice>
      )}
      <Text size="sm">{t("apply.review.final")}</Text>
    </Stack>
  );
}
