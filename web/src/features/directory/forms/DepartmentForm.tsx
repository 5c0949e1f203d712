import { Group, Select, Switch, Textarea, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { changesOf } from "../../../ui/changes";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { PersonSelect } from "../../../ui/references";
import { idsOf } from "../../../ui/tree";
import { useSaved } from "../../../ui/useSaved";
import { ParentSelect } from "../parts/ParentSelect";
import { DEPARTMENT_KINDS, DEPARTMENTS, type Department, usePersonName } from "../queries";

const valuesOf = (department?: Department) => ({
  name: department?.name ?? "",
  code: department?.code ?? "",
  kind: department?.kind ?? "department",
  parent: department?.parent ?? null,
  head: department?.head ?? null,
  description: department?.description ?? "",
  is_active: department?.is_active ?? true,
});
type Values = ReturnType<typeof valuesOf>;

type Props = { tree: Department[]; department?: Department | undefined; onDone: () => unknown };

/** A new department, or one to be described anew or hung elsewhere. */
export function DepartmentForm({ tree, department, onDone }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const saved = useSaved(DEPARTMENTS);
  const head = usePersonName(department?.head ?? null);
  const needed = isNotEmpty(t("directory.needed"));
  const form = useForm<Values>({
    initialValues: valuesOf(department),
    validate: { name: needed, code: needed },
  });
  const url = department && `${DEPARTMENTS}${department.id}/`;
  const done = async () => {
    await saved();
    await onDone();
  };
  return (
    <FormShell
      form={form}
      onReload={done}
      onSubmit={(values, { idempotencyKey }) =>
        url
          ? writeJson("PATCH", url, changesOf(values, valuesOf(department)), { ifMatch: department.version })
          : writeJson("POST", DEPARTMENTS, values, { idempotencyKey })
      }
      onDone={done}
      cancel={
        url && (
          <Group ms="auto">
            <ConfirmButton
              variant="subtle"
              color="madder"
              title={t("directory.department.delete")}
              question={t("directory.deleteQuestion", { name: department.name })}
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
          data={DEPARTMENT_KINDS.map((value) => ({ value, label: label("directory.departmentKind", value) }))}
          {...form.getInputProps("kind")}
        />
        <ParentSelect
          tree={tree}
          without={department ? idsOf<Department>(department) : []}
          {...form.getInputProps("parent")}
        />
        <PersonSelect
          key={head}
          label={t("directory.department.head")}
          chosenLabel={head}
          {...form.getInputProps("head")}
        />
      </FieldGrid>
      <Textarea label={t("directory.fields.description")} dir="auto" {...form.getInputProps("description")} />
      <Switch
        label={t("directory.fields.active")}
        {...form.getInputProps("is_active", { type: "checkbox" })}
      />
    </FormShell>
  );
}
