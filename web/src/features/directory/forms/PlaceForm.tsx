import { Group, MultiSelect, NumberInput, Select, Switch, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { changesOf } from "../../../ui/changes";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { idsOf } from "../../../ui/tree";
import { useOptions } from "../../../ui/useOptions";
import { useSaved } from "../../../ui/useSaved";
import { ParentSelect } from "../parts/ParentSelect";
import { DEPARTMENTS, FEATURES, PLACE_KINDS, PLACES, type Place } from "../queries";

const valuesOf = (place?: Place) => ({
  name: place?.name ?? "",
  code: place?.code ?? "",
  kind: place?.kind ?? "room",
  parent: place?.parent ?? null,
  capacity: place?.capacity ?? null,
  exam_capacity: place?.exam_capacity ?? null,
  department: place?.department ?? null,
  features: place?.features.map(({ id }) => id) ?? [],
  is_bookable: place?.is_bookable ?? true,
  is_active: place?.is_active ?? true,
});
type Values = ReturnType<typeof valuesOf>;

type Props = { tree: Place[]; place?: Place | undefined; onDone: () => unknown };

export function PlaceForm({ tree, place, onDone }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const saved = useSaved(PLACES);
  const departments = useOptions(DEPARTMENTS, (row) => row.name);
  const features = useOptions(FEATURES, (row) => row.name);
  const needed = isNotEmpty(t("directory.needed"));
  const form = useForm<Values>({ initialValues: valuesOf(place), validate: { name: needed, code: needed } });
  const isRoom = form.values.kind === "room";
  const url = place && `${PLACES}${place.id}/`;
  const done = async () => {
    await saved();
    await onDone();
  };
  const seats = (field: "capacity" | "exam_capacity") => ({
    min: 0,
    allowDecimal: false,
    ...form.getInputProps(field),
    value: form.values[field] ?? "",
    onChange: (value: number | string) => form.setFieldValue(field, value === "" ? null : Number(value)),
  });
  return (
    <FormShell
      form={form}
      onReload={done}
      onSubmit={(values, { idempotencyKey }) =>
        url
          ? writeJson("PATCH", url, changesOf(values, valuesOf(place)), { ifMatch: place.version })
          : writeJson("POST", PLACES, values, { idempotencyKey })
      }
      onDone={done}
      cancel={
        url && (
          <Group ms="auto">
            <ConfirmButton
              variant="subtle"
              color="madder"
              title={t("directory.place.delete")}
              question={t("directory.deleteQuestion", { name: place.name })}
              confirm={t("ui.delete")}
              act={() => writeJson("DELETE", url)}
              onDone={done}
            >
              {t("ui.delete")}
            </ConfirmButton>
          </Group>
        )
      }
    >
      <FieldGrid>
        <TextInput label={t("directory.fields.name")} required dir="auto" {...form.getInputProps("name")} />
        <TextInput label={t("directory.fields.code")} required dir="ltr" {...form.getInputProps("code")} />
        <Select
          label={t("directory.fields.kind")}
          allowDeselect={false}
          data={PLACE_KINDS.map((value) => ({ value, label: label("directory.placeKind", value) }))}
          {...form.getInputProps("kind")}
        />
        <ParentSelect
          tree={tree}
          leaves={["room"]}
          without={place ? idsOf<Place>(place) : []}
          {...form.getInputProps("parent")}
        />
        {isRoom && (
          <>
            <NumberInput label={t("directory.place.seats")} {...seats("capacity")} />
            <NumberInput label={t("directory.place.examSeats")} {...seats("exam_capacity")} />
            <Select
              label={t("directory.fields.department")}
              searchable
              clearable
              data={departments}
              error={form.errors.department}
              value={form.values.department === null ? null : String(form.values.department)}
              onChange={(next) => form.setFieldValue("department", next === null ? null : Number(next))}
            />
            <MultiSelect
              label={t("directory.feature.title")}
              searchable
              clearable
              data={features}
              error={form.errors.features}
              value={form.values.features.map(String)}
              onChange={(ids) => form.setFieldValue("features", ids.map(Number))}
            />
          </>
        )}
      </FieldGrid>
      {isRoom && (
        <Switch
          label={t("directory.place.bookable")}
          {...form.getInputProps("is_bookable", { type: "checkbox" })}
        />
      )}
      <Switch
        label={t("directory.fields.active")}
        {...form.getInputProps("is_active", { type: "checkbox" })}
      />
    </FormShell>
  );
}
