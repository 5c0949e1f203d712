import { Select, Text, Textarea, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useMe } from "../../../api/me";
import { writeJson } from "../../../api/transport";
import { AudiencePicker } from "../../../ui/audience/AudiencePicker";
import { type Audience, namedOf } from "../../../ui/audience/audience";
import { changesOf } from "../../../ui/changes";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { useSaved } from "../../../ui/useSaved";
import { instantOfWall, wallOf } from "../../../ui/zoned";
import { KINDS, MATERIALS, type Material, materialUrl } from "../queries";

type Values = {
  title: string;
  description: string;
  kind: string;
  url: string;
  audience: Audience;
  available_from: string;
  available_until: string;
};
type Props = { material?: Material; onDone: (saved: Material) => unknown };

const valuesOf = (zone: string, row?: Material): Values => ({
  title: row?.title ?? "",
  description: row?.description ?? "",
  kind: row?.kind ?? "file",
  url: row?.url ?? "",
  audience: row && row.audience.length > 0 ? row.audience : [[]],
  available_from: row?.available_from ? wallOf(row.available_from, zone) : "",
  available_until: row?.available_until ? wallOf(row.available_until, zone) : "",
});

/** What is shared, with whom, and for how long. */
export function MaterialForm({ material, onDone }: Props) {
  const { t } = useTranslation();
  const { institution } = useMe();
  const zone = institution?.time_zone ?? "UTC";
  const saved = useSaved(MATERIALS);
  const loaded = valuesOf(zone, material);
  const form = useForm<Values>({
    initialValues: loaded,
    validate: { title: isNotEmpty(t("materials.needed")) },
  });
  const wire = ({ audience, available_from, available_until, ...plain }: Partial<Values>) => ({
    ...plain,
    ...(audience === undefined ? {} : { audience: namedOf(audience) }),
    ...(available_from === undefined ? {} : { available_from: instantOfWall(available_from, zone) }),
    ...(available_until === undefined ? {} : { available_until: instantOfWall(available_until, zone) }),
  });
  const [, fault] = Object.entries(form.errors).find(([path]) => path.startsWith("audience")) ?? [];
  const isDraft = !material || material.status === "draft";
  return (
    <FormShell
      form={form}
      onReload={saved}
      onSubmit={(given, { idempotencyKey }) =>
        material
          ? writeJson<Material>("PATCH", materialUrl(material.id), wire(changesOf(given, loaded)), {
              ifMatch: material.version,
            })
          : writeJson<Material>("POST", MATERIALS, wire(given), { idempotencyKey })
      }
      onDone={async (result) => {
        await saved();
        await onDone(result);
      }}
    >
      <TextInput
        label={t("materials.fields.title")}
        required
        dir="auto"
        maxLength={200}
        {...form.getInputProps("title")}
      />
      <Textarea
        label={t("materials.fields.description")}
        dir="auto"
        autosize
        minRows={2}
        maxLength={2000}
        {...form.getInputProps("description")}
      />
      <FieldGrid>
        <Select
          label={t("materials.fields.kind")}
          allowDeselect={false}
          disabled={!isDraft}
          data={KINDS.map((value) => ({ value, label: t(`materials.kinds.${value}`) }))}
          {...form.getInputProps("kind")}
        />
        {form.values.kind === "link" && (
          <TextInput
            label={t("materials.fields.url")}
            type="url"
            dir="ltr"
            maxLength={2000}
            {...form.getInputProps("url")}
          />
        )}
      </FieldGrid>
      {form.values.kind === "file" && !material && (
        <Text size="sm" c="dimmed">
          {t("materials.fileNext")}
        </Text>
      )}
      <AudiencePicker
        label={t("materials.fields.audience")}
        hint={t("materials.audienceHint")}
        value={form.values.audience}
        error={fault}
        onChange={(audience) => {
          form.setFieldValue("audience", audience);
          form.clearFieldError("audience");
        }}
      />
      <FieldGrid>
        <TextInput
          label={t("materials.fields.available_from")}
          type="datetime-local"
          dir="ltr"
          {...form.getInputProps("available_from")}
        />
        <TextInput
          label={t("materials.fields.available_until")}
          type="datetime-local"
          dir="ltr"
          {...form.getInputProps("available_until")}
        />
      </FieldGrid>
    </FormShell>
  );
}
