import { Button, TextInput } from "@mantine/core";
import { IconPlus, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { exportUrl } from "../../../api/lists";
import { useCan } from "../../../api/me";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { EmptyState } from "../../../ui/EmptyState";
import { FormDialog } from "../../../ui/FormDialog";
import { Loaded } from "../../../ui/Loaded";
import { AnchorLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { StatusBadge } from "../../../ui/StatusBadge";
import { type TreeColumn, TreeTable } from "../../../ui/TreeTable";
import { countBelow, flat, pruned } from "../../../ui/tree";
import { DepartmentForm } from "../forms/DepartmentForm";
import { DEPARTMENTS, type Department, treeQuery } from "../queries";
import classes from "./Trees.module.css";

type Asked = Department | "new" | null;

export function DepartmentsPage() {
  const { t } = useTranslation();
  const can = useCan();
  const [typed, setTyped] = useState("");
  const [asked, setAsked] = useState<Asked>(null);
  const query = useQuery(treeQuery<Department>(DEPARTMENTS));
  const columns = useColumns();
  const mayManage = can("department.manage");
  const create = mayManage && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAsked("new")}>
      {t("directory.department.create")}
    </Button>
  );
  const wanted = typed.trim().toLowerCase();
  const matches = ({ name, code }: Department) =>
    name.toLowerCase().includes(wanted) || code.toLowerCase().includes(wanted);
  return (
    <>
      <PageHeader
        title={t("directory.department.title")}
        lead={t("directory.department.lead")}
        actions={
          <>
            <Button component="a" href={exportUrl(DEPARTMENTS, "xlsx", {})} download variant="default">
              {t("ui.table.exportXlsx")}
            </Button>
            {create}
          </>
        }
      />
      <Panel flush>
        <div className={classes.bar}>
          <TextInput
            type="search"
            aria-label={t("ui.table.search")}
            placeholder={t("ui.table.search")}
            leftSection={<IconSearch size={16} aria-hidden="true" />}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        </div>
        <Loaded query={query} rows={6}>
          {(roots) =>
            roots.length === 0 ? (
              <EmptyState
                title={t("directory.department.empty")}
                detail={t("directory.department.emptyDetail")}
                action={create}
              />
            ) : (
              <TreeTable<Department>
                caption={t("directory.department.title")}
                roots={wanted ? pruned<Department>(roots, matches) : roots}
                columns={columns}
                isFaded={(row) => !row.is_active}
                onOpen={mayManage ? setAsked : undefined}
              />
            )
          }
        </Loaded>
      </Panel>
      <FormDialog
        title={asked === "new" ? t("directory.department.create") : t("directory.department.edit")}
        opened={asked !== null}
        onClose={() => setAsked(null)}
      >
        {asked && (
          <DepartmentForm
            tree={query.data ?? []}
            department={
              asked === "new"
                ? undefined
                : flat<Department>(query.data ?? []).find(({ id }) => id === asked.id)
            }
            onDone={() => setAsked(null)}
          />
        )}
      </FormDialog>
    </>
  );
}

function useColumns(): TreeColumn<Department>[] {
  const { t } = useTranslation();
  const label = useLabel();
  const can = useCan();
  return [
    { id: "name", header: t("directory.fields.name"), cell: (row) => <Bidi>{row.name}</Bidi> },
    { id: "code", header: t("directory.fields.code"), cell: (row) => <Code>{row.code}</Code> },
    {
      id: "kind",
      header: t("directory.fields.kind"),
      isWide: true,
      cell: (row) => label("directory.departmentKind", row.kind),
    },
    {
      id: "below",
      header: t("directory.department.below"),
      align: "end",
      isWide: true,
      cell: (row) => countBelow<Department>(row, () => true) || "",
    },
    {
      id: "people",
      header: t("directory.department.people"),
      isWide: true,
      cell: (row) =>
        can("person.view") && (
          <AnchorLink to="/directory/people" search={{ department: String(row.id) }} size="sm">
            {t("directory.department.seePeople")}
          </AnchorLink>
        ),
    },
    {
      id: "status",
      header: t("directory.fields.status"),
      isWide: true,
      cell: (row) => <StatusBadge status={row.is_active ? "active" : "inactive"} />,
    },
  ];
}
