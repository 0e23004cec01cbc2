import {
  AccountBookOutlined, AppstoreOutlined, BankOutlined, BarChartOutlined, BuildOutlined, CarOutlined, CustomerServiceOutlined, DatabaseOutlined, FundOutlined, GlobalOutlined,
  IdcardOutlined, InboxOutlined, NotificationOutlined, SettingOutlined, ShopOutlined, ShoppingCartOutlined, TagsOutlined, TeamOutlined, ToolOutlined,
} from '@ant-design/icons'
import type { ComponentType } from 'react'

const ICONS: Record<string, ComponentType> = {
  sales: ShopOutlined, crm: TeamOutlined, party: IdcardOutlined, contacts: IdcardOutlined, product: TagsOutlined, products: TagsOutlined, purchase: ShoppingCartOutlined, purchases: ShoppingCartOutlined,
  stock: InboxOutlined, inventory: InboxOutlined, production: BuildOutlined, mrp: BuildOutlined, manufacturing: BuildOutlined, finance: AccountBookOutlined, ledger: AccountBookOutlined, asset: CarOutlined, accounting: AccountBookOutlined,
  bank: BankOutlined, people: TeamOutlined, hr: TeamOutlined, service: CustomerServiceOutlined, support: CustomerServiceOutlined, marketing: NotificationOutlined, insight: BarChartOutlined, analytics: FundOutlined,
  localize: GlobalOutlined, system: SettingOutlined, settings: SettingOutlined, setting: SettingOutlined, admin: SettingOutlined, maintenance: ToolOutlined, data: DatabaseOutlined,
}

export function ModuleIcon({ name }: { name: string }) {
  const Icon = ICONS[name] ?? AppstoreOutlined
  return <Icon />
}
