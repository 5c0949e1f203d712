import { Button, Tabs } from "@mantine/core";
import { IconBuilding, IconDoorEnter, IconPlus, IconTags } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { exportUrl } from "../../../api/lists";
import { useCan } from "../../../api/me";
import { FormDialog } from "../../../ui/FormDialog";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { flat } from "../../../ui/tree";
import { PlaceForm } from "../forms/PlaceForm";
import { Features } from "../parts/Features";
import { FreeRooms } from "../parts/FreeRooms";
import { PlaceTree } from "../parts/PlaceTree";
import { PLACES, type Place, treeQuery } from "../queries";

const route = getRouteApi("/shell/directory/places");
type Asked = Place | "new" | null;

export function PlacesPage() {
  const { t } = useTranslation();
  const can = useCan();
  const { view = "tree" } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(treeQuery<Place>(PLACES));
  const [asked, setAsked] = useState<Asked>(null);
  const mayManage = can("place.manage");
  const create = mayManage && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAsked("new")}>
      {t("directory.place.create")}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t("directory.place.title")}
        lead={t("directory.place.lead")}
        actions={
          <>
            <Button component="a" href={exportUrl(PLACES, "xlsx", {})} download variant="default">
              {t("ui.table.exportXlsx")}
            </Button>
            {create}
          </>
        }
      />
      <Panel flush>
        <Tabs
          value={view}
          onChange={(next) => void navigate({ search: { view: next ?? undefined }, resetScroll: false })}
          keepMounted={false}
        >
          <Tabs.List>
            <Tabs.Tab value="tree" leftSection={<IconBuilding size={16} />}>
              {t("directory.place.all")}
            </Tabs.Tab>
            <Tabs.Tab value="free" leftSection={<IconDoorEnter size={16} />}>
              {t("directory.free.title")}
            </Tabs.Tab>
            <Tabs.Tab value="features" leftSection={<IconTags size={16} />}>
              {t("directory.feature.title")}
            </Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="tree">
            <PlaceTree query={query} action={create} onOpen={mayManage ? setAsked : undefined} />
          </Tabs.Panel>
          <Tabs.Panel value="free">
            <FreeRooms />
          </Tabs.Panel>
          <Tabs.Panel value="features">
            <Features mayManage={mayManage} />
          </Tabs.Panel>
        </Tabs>
      </Panel>
      <FormDialog
        title={asked === "new" ? t("directory.place.create") : t("directory.place.edit")}
        opened={asked !== null}
        onClose={() => setAsked(null)}
      >
        {asked && (
          <PlaceForm
            tree={query.data ?? []}
            place={
              asked === "new" ? undefined : flat<Place>(query.data ?? []).find(({ id }) => id === asked.id)
            }
            onDone={() => setAsked(null)}
          />
        )}
      </FormDialog>
    </>
  );
}
