import {
  ActionIcon,
  Alert,
  Button,
  NumberInput,
  Radio,
  SegmentedControl,
  Table,
  TextInput,
} from "@mantine/core";
import { isNotEmpty, type UseFormReturnType, useForm } from "@mantine/form";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { FormShell } from "../../../ui/FormShell";
import { useFormat } from "../../../ui/format";
import { CourseSelect, ProgramSelect } from "../../../ui/references";
import { useSaved } from "../../../ui/useSaved";
import { type BandRow, coveredBy, FIRST_BANDS, rowsOf, written } from "../bands";
import { type GradeScheme, SCHEMES, schemeUrl } from "../queries";
import classes from "./SchemeForm.module.css";

type Values = { name: string; scope_key: string; bands: BandRow[] };
type Props = {
  /** The draft whose bands are changed. */
  scheme?: GradeScheme;
  /** The version that the next one is drafted from. */
  from?: GradeScheme;
  onDone: (made: GradeScheme) => unknown;
  onReload?: () => unknown;
};

/** The bands of a version; a new scheme is named and placed besides. */
export function SchemeForm({ scheme, from, onDone, onReload }: Props) {
  const { t } = useTranslation();
  const saved = useSaved(SCHEMES);
  const known = scheme ?? from;
  const form = useForm<Values>({
    initialValues: {
      name: known?.name ?? "",
      scope_key: known?.scope_key ?? "institution",
      bands: known ? rowsOf(known) : FIRST_BANDS,
    },
    validate: {
      name: isNotEmpty(t("exams.needed")),
      scope_key: (value) => (value.endsWith(":") ? t("exams.schemes.scopeNeeded") : null),
      bands: {
        min_percent: isNotEmpty(t("exams.needed")),
        letter: isNotEmpty(t("exams.needed")),
      },
    },
  });
  return (
    <FormShell
      form={form}
      submitLabel={scheme ? t("ui.save") : t("exams.schemes.draft")}
      onSubmit={({ bands, ...named }, { idempotencyKey }) =>
        scheme
          ? writeJson<GradeScheme>(
              "PATCH",
              schemeUrl(scheme.id),
              { bands: written(bands) },
              { ifMatch: scheme.version },
            )
          : writeJson<GradeScheme>("POST", SCHEMES, { ...named, bands: written(bands) }, { idempotencyKey })
      }
      onDone={async (made) => {
        await saved();
        await onDone(made);
      }}
      {...(onReload ? { onReload } : {})}
    >
      {!known && (
        <>
          <TextInput
            required
            maxLength={60}
            label={t("exams.schemes.name")}
            {...form.getInputProps("name")}
          />
          <ScopeField
            value={form.values.scope_key}
            error={form.errors.scope_key}
            onChange={(scope) => form.setFieldValue("scope_key", scope)}
          />
        </>
      )}
      <Bands form={form} />
      {form.errors.bands && (
        <Alert color="madder" role="alert">
          {form.errors.bands}
        </Alert>
      )}
    </FormShell>
  );
}

function Bands({ form }: { form: UseFormReturnType<Values> }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const rows = form.values.bands;
  const fails = (place: number) =>
    form.setFieldValue(
      "bands",
      rows.map((row, at) => ({ ...row, is_fail: at === place })),
    );
  return (
    <div className={classes.scroll}>
      <Table className={classes.bands}>
        <caption className="visually-hidden">{t("exams.schemes.bands")}</caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t("exams.schemes.from")}</Table.Th>
            <Table.Th scope="col">{t("exams.fields.letter")}</Table.Th>
            <Table.Th scope="col">{t("exams.schemes.point")}</Table.Th>
            <Table.Th scope="col">{t("exams.schemes.fails")}</Table.Th>
            <Table.Th scope="col">{t("exams.schemes.covers")}</Table.Th>
            <Table.Th scope="col">
              <span className="visually-hidden">{t("exams.remove")}</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((_row, place) => {
            const at = { position: place + 1 };
            const [least, below] = coveredBy(rows, place);
            return (
              // A row is known by its place alone: nothing in it is the same for ever.
              // biome-ignore lint/suspicious/noArrayIndexKey: the fields are controlled
              <Table.Tr key={place}>
                <Table.Td>
                  <NumberInput
                    aria-label={t("exams.schemes.fromOf", at)}
                    min={0}
                    max={100}
                    decimalScale={2}
                    suffix=" %"
                    {...form.getInputProps(`bands.${place}.min_percent`)}
                  />
                </Table.Td>
                <Table.Td>
                  <TextInput
                    aria-label={t("exams.schemes.letterOf", at)}
                    maxLength={4}
                    dir="ltr"
                    {...form.getInputProps(`bands.${place}.letter`)}
                  />
                </Table.Td>
                <Table.Td>
                  <NumberInput
                    aria-label={t("exams.schemes.pointOf", at)}
                    min={0}
                    max={99}
                    decimalScale={2}
                    {...form.getInputProps(`bands.${place}.point`)}
                  />
                </Table.Td>
                <Table.Td>
                  <Radio
                    name="fails"
                    aria-label={t("exams.schemes.failsOf", at)}
                    checked={form.values.bands[place]?.is_fail ?? false}
                    error={form.errors[`bands.${place}.is_fail`]}
                    onChange={() => fails(place)}
                  />
                </Table.Td>
                <Table.Td>
                  <bdi dir="ltr">
                    {number(least)}–{below === 100 ? "100" : `< ${number(below)}`} %
                  </bdi>
                </Table.Td>
                <Table.Td>
                  <ActionIcon
                    variant="subtle"
                    color="madder"
                    aria-label={t("exams.schemes.removeOf", at)}
                    onClick={() => form.removeListItem("bands", place)}
                  >
                    <IconTrash size={16} aria-hidden="true" />
                  </ActionIcon>
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconPlus size={14} aria-hidden="true" />}
        onClick={() =>
          form.insertListItem("bands", { min_percent: "", letter: "", point: "", is_fail: false }, 0)
        }
      >
        {t("exams.schemes.addBand")}
      </Button>
    </div>
  );
}

type ScopeProps = { value: string; error: ReactNode; onChange: (scope: string) => void };

function ScopeField({ value, error, onChange }: ScopeProps) {
  const { t } = useTranslation();
  const [noun = "institution", id = ""] = value.split(":");
  const [kind, setKind] = useState(noun);
  const props = {
    required: true,
    error,
    value: id ? Number(id) : null,
    onChange: (next: number | null) => onChange(`${kind}:${next ?? ""}`),
  };
  return (
    <>
      <SegmentedControl
        aria-label={t("exams.schemes.scope")}
        value={kind}
        data={[
          { value: "institution", label: t("exams.schemes.everywhere") },
          { value: "program", label: t("exams.schemes.program") },
          { value: "course", label: t("exams.fields.course") },
        ]}
        onChange={(next) => {
          setKind(next);
          onChange(next === "institution" ? next : `${next}:`);
        }}
      />
      {kind === "program" && <ProgramSelect label={t("exams.schemes.program")} {...props} />}
      {kind === "course" && <CourseSelect label={t("exams.fields.course")} {...props} />}
    </>
  );
}
