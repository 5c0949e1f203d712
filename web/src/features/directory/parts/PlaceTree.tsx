import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { EmptyState } from "../../../ui/EmptyState";
import { useFormat } from "../../../ui/format";
import { Loaded } from "../../../ui/Loaded";
import { StatusBadge } from "../../../ui/StatusBadge";
import { type TreeColumn, TreeTable } from "../../../ui/TreeTable";
import { type Branch, countBelow, flat, pruned } from "../../../ui/tree";
import classes from "../pages/Trees.module.css";
import type { Place } from "../queries";

type Props = {
  query: UseQueryResult<Place[]>;
  action: ReactNode;
  onOpen?: ((place: Place) => void) | undefined;
};

const isRoom = ({ kind }: Place) => kind === "room";

/** Seats of a room, or of all rooms below. */
function seatsOf(place: Branch<Place>): number {
  const rooms = flat<Place>([place]).filter((each) => isRoom(each) && each.is_active);
  return rooms.reduce((sum, room) => sum + (room.capacity ?? 0), 0);
}

export function PlaceTree({ query, action, onOpen }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const { number } = useFormat();
  const [typed, setTyped] = useState("");
  const wanted = typed.trim().toLowerCase();
  const matches = ({ name, code }: Place) =>
    name.toLowerCase().includes(wanted) || code.toLowerCase().includes(wanted);
  const columns: TreeColumn<Place>[] = [
    { id: "name", header: t("directory.fields.name"), cell: (row) => <Bidi>{row.name}</Bidi> },
    { id: "code", header: t("directory.fields.code"), cell: (row) => <Code>{row.code}</Code> },
    {
      id: "kind",
      header: t("directory.fields.kind"),
      isWide: true,
      cell: (row) => label("directory.placeKind", row.kind),
    },
    {
      id: "rooms",
      header: t("directory.place.rooms"),
      align: "end",
      isWide: true,
      cell: (row) => (isRoom(row) ? "" : number(countBelow<Place>(row, isRoom))),
    },
    {
      id: "seats",
      header: t("directory.place.seats"),
      align: "end",
      cell: (row) => number(seatsOf(row)),
    },
    {
      id: "features",
      header: t("directory.feature.title"),
      isWide: true,
      cell: (row) => <Bidi>{row.features.map(({ name }) => name).join(", ")}</Bidi>,
    },
    {
      id: "status",
      header: t("directory.fields.status"),
      isWide: true,
      cell: (row) => <StatusBadge status={row.is_active ? "active" : "inactive"} />,
    },
  ];
  return (
    <>
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
              title={t("directory.place.empty")}
              detail={t("directory.place.emptyDetail")}
              action={action}
            />
          ) : (
            <TreeTable<Place>
              caption={t("directory.place.title")}
              roots={wanted ? pruned<Place>(roots, matches) : roots}
              columns={columns}
              isFaded={(row) => !row.is_active}
              onOpen={onOpen}
            />
          )
        }
      </Loaded>
    </>
  );
}
